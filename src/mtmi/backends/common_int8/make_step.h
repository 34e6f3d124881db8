// The steps of a lowered INT8 graph.
#pragma once

#include <memory>

#include "mtmi/backends/common_host/step.h"
#include "mtmi/core/cpu_features.h"
#include "mtmi/graph/graph.h"

namespace mtmi::int8 {

/// The step of one node, with the kernels of `isa`; one of ONNX's operators runs on the
/// interpreter. Every `isa` gives the same bits.
/// Throws Error(InvalidModel) for a node that no lowering makes.
[[nodiscard]] std::unique_ptr<host::Step> make_step(const Graph& graph, NodeId id, Int8Isa isa);

}  // namespace mtmi::int8
