// Into how many loadables a graph falls, and how often it goes back to the GPU.
#pragma once

#include <span>
#include <vector>

#include "mtmi/device/support.h"
#include "mtmi/graph/graph.h"

namespace mtmi::dla {

/// A graph in connected parts that run one after the other: no part waits for itself through
/// another. Parts in the order of their first nodes, nodes in the order of the graph.
struct Partition {
  std::vector<std::vector<NodeId>> loadables;  ///< accepted nodes
  std::vector<std::vector<NodeId>> fallbacks;  ///< refused nodes
};

/// Joins neighbours with the same answer, the first fitting edge first, as long as no cycle of
/// parts comes of it. Accepted nodes join only where their batches are the same: a loadable has one
/// (TensorRT developer guide, DLA general restrictions). TensorRT may cut differently.
///
/// Pre: `answers` has one entry per node of graph.order(), as check() gives them.
[[nodiscard]] Partition partition(const Graph& graph, std::span<const Support> answers);

}  // namespace mtmi::dla
