// Layout chains in a graph. Private to passes/.
#pragma once

#include <cstddef>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/passes/layout.h"

namespace mtmi::passes {

/// Longer chains are merged piece by piece, so that the work grows with the length only.
inline constexpr std::size_t kMaxChain = 32;

/// Whether `id` only moves elements: Reshape, Transpose, Flatten, Squeeze, Unsqueeze.
[[nodiscard]] bool is_layout_node(const Graph& graph, NodeId id);

/// Appends what the layout node `id` does. False where Layout::reshape() refuses.
[[nodiscard]] bool append(const Graph& graph, NodeId id, Layout& layout);

/// The layout nodes that lead to `last`, the first one first, at most kMaxChain. Pre: `last` is
/// one.
[[nodiscard]] std::vector<NodeId> layout_chain_to(const Graph& graph, NodeId last);

}  // namespace mtmi::passes
