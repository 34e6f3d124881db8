// Runs a graph node by node on the reference kernels: the one oracle that everything fast is held
// to.
//
// Used for constant folding, conformance and tests. Slow on purpose: plain loops, no fusion, no
// threads. What it computes for an operator is the meaning of that operator in mtmi.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/graph/graph.h"
#include "mtmi/tensor.h"

namespace mtmi {

/// Called with every value as it is made, in the order of the nodes.
using Observer = std::function<void(const std::string& value_name, const Tensor& tensor)>;

/// Whether evaluate() knows the operator.
[[nodiscard]] bool can_evaluate(std::string_view op);

/// The outputs of one node, one per entry of its outputs (an empty Tensor where one is left out).
/// `inputs` has one entry per input, nullptr where it is left out.
/// Throws Error(InvalidModel | Unsupported) naming the node.
[[nodiscard]] std::vector<Tensor> evaluate(const Graph& graph,
                                           NodeId id,
                                           std::span<const Tensor* const> inputs);

/// The outputs of `graph` by name. Shapes need not have been inferred: every node sees the actual
/// values of its inputs, so shapes that depend on data are fine. A value is freed after its last
/// use. Throws Error(InvalidArgument) if `inputs` lacks an input or has one of another type or
/// shape.
[[nodiscard]] TensorMap interpret(const Graph& graph,
                                  const TensorMap& inputs,
                                  const Observer& observer = {});

}  // namespace mtmi
