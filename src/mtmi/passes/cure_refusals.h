// Rewrites for a DLA, kept only where they help. Private to passes/.
#pragma once

#include <compare>
#include <cstddef>
#include <span>
#include <string_view>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// How far a DLA is from running a graph whole, as dla::check() sees it for the default release
/// and chip in INT8. Less is better; the first difference decides.
struct DlaFit {
  std::size_t refused = 0;    ///< nodes
  std::size_t computing = 0;  ///< of these, nodes that do more than bring elements into new axes
  std::size_t parts = 0;      ///< loadables and fallbacks to cut the graph into
  auto operator<=>(const DlaFit&) const = default;  // NOLINT(modernize-use-nullptr): its zero
};

/// Pre: types are known.
[[nodiscard]] DlaFit dla_fit(const Graph& graph);

/// Whether dla_fit() of the first is less; the parts are counted only where they decide.
[[nodiscard]] bool fits_better(const Graph& graph, const Graph& than);

/// Lets a node compute its result in another way. Returns false, with the graph as it was, where
/// the node is none of its kind.
using NodeRewrite = bool (*)(Graph& graph, NodeId id);

/// Tries `rewrite` on every node of these operators, in float32, that a DLA refuses, and keeps it
/// where the fit of the graph becomes better. So an accepted node is never touched.
///
/// Pre: types are known.
[[nodiscard]] Graph cure_refusals(Graph graph,
                                  std::span<const std::string_view> ops,
                                  NodeRewrite rewrite);

}  // namespace mtmi::passes
