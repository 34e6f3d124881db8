// A head on its device with the tail behind it, from values by name to results.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "mtmi/core/tensor_map.h"
#include "mtmi/graph/graph.h"
#include "mtmi/runtime/session.h"

namespace mtmi::eval {

/// A head on its device and its tail on the CPU. A value; copies share the sessions.
struct HeadRunner {
  std::shared_ptr<Session> head;
  std::shared_ptr<Session> tail;  ///< or none
  /// With their scales: brought to INT8 towards zero before the head reads them.
  std::map<std::string, float> truncated_inputs;

  /// What head and tail make of `values`, in real numbers. Pre: every input of the head is there.
  /// Throws as Session::run().
  [[nodiscard]] TensorMap run(const TensorMap& values) const;
};

/// Those of `scales`, by value name, that are of inputs of `graph`.
[[nodiscard]] std::map<std::string, float> input_scales(const Graph& graph,
                                                        const std::map<std::string, float>& scales);

/// `graph` with pairs of QuantizeLinear and DequantizeLinear around what is INT8 with `scales`.
/// Weights lie on their grid as they are, without pairs.
[[nodiscard]] Graph fake_quantize(const Graph& graph, const std::map<std::string, float>& scales);

}  // namespace mtmi::eval
