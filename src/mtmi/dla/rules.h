// Will a DLA run it, and why not? TensorRT's rules for Orin's DLA, asked of a graph without a
// device.
#pragma once

#include <vector>

#include "mtmi/device/support.h"
#include "mtmi/dla/convolution_buffer.h"
#include "mtmi/dla/release.h"
#include "mtmi/graph/graph.h"

namespace mtmi::dla {

struct CheckOptions {
  Version version;
  const Chip* chip = &chips().front();  ///< never nullptr
  Precision precision = Precision::Int8;
};

/// One answer per node, in the order of graph.order(). A "no" names a rule:
///   dla.version, dla.chip        nothing runs there
///   dla.op.not_supported         no layer of a DLA computes it
///   dla.op.version               a later release does
///   dla.dynamic, dla.type, dla.rank, dla.batch, dla.extent
///                                what holds for every layer
///   dla.FAMILY.WHAT              a limit of one layer: dla.conv.kernel, dla.resize.linear_factor
///
/// Scales are not looked at: every range that two tensors must share, they are taken to share.
/// The sources of each rule stand beside it, and which reading holds where they leave one open.
/// TensorRT's own answer on the device has the last word.
[[nodiscard]] std::vector<Support> check(const Graph& graph, const CheckOptions& options = {});

/// The answer for one node of `graph`.
[[nodiscard]] Support check(const Graph& graph, NodeId id, const CheckOptions& options = {});

}  // namespace mtmi::dla
