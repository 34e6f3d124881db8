// What the CPU backend expects each node to cost.
#pragma once

#include <vector>

#include "mtmi/core/cpu_features.h"
#include "mtmi/device/backend.h"

namespace mtmi::cpu {

/// A roofline per node: the larger of arithmetic at the rate that kernels reach and of memory
/// traffic, for two threads. Meant to rank placements, not to predict milliseconds.
[[nodiscard]] std::vector<NodeEstimate> estimate_nodes(const Graph& graph, Isa isa);

}  // namespace mtmi::cpu
