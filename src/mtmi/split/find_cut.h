// Where encoder and heads part.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::split {

/// The values that all heads are computed from, with the fewest bytes in all.
///
/// What every head needs is the trunk. A node of the trunk that computes goes to the encoder, a
/// node of one head that computes to its head; nodes that only move data (Reshape, Transpose,
/// Resize, ...) go to the side where fewer bytes cross, and stand in every head that needs them if
/// that is the heads'. Outputs that share nodes which not all outputs need belong to one head,
/// and so do those of one node that computes and feeds no other (TopK). Of cuts with equal bytes
/// the one with more values of rank 4 (maps), then with fewer values, wins. Found as a minimum cut.
///
/// Returns nothing if there is no trunk, or only one head. Pre: graph.is_static().
[[nodiscard]] std::optional<std::vector<ValueId>> find_cut(const Graph& graph);

/// Whether a node that computes from the inputs of `graph` is needed by two of its outputs or more.
[[nodiscard]] bool outputs_share_computation(const Graph& graph);

/// The outputs of `graph` that other outputs are computed from: features that are results as well.
[[nodiscard]] std::vector<ValueId> feature_outputs(const Graph& graph);

/// A way from an input of `graph` to one of its outputs that touches none of `cut`, as a sentence
/// naming its values; nothing if every way passes the cut.
[[nodiscard]] std::optional<std::string> find_bypass(const Graph& graph,
                                                     const std::vector<ValueId>& cut);

}  // namespace mtmi::split
