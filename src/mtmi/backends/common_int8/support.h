// What INT8 engines can compute, apart from any device's own rules.
#pragma once

#include <vector>

#include "mtmi/device/support.h"
#include "mtmi/graph/graph.h"

namespace mtmi::int8 {

/// One answer per node, in the order of the graph: yes for layers with INT8 arithmetic and for
/// Sigmoid, Tanh and Softmax, which are computed in FP16; else no with rule "int8.arithmetic".
/// Pre: graph.is_static().
[[nodiscard]] std::vector<Support> support(const Graph& graph);

}  // namespace mtmi::int8
