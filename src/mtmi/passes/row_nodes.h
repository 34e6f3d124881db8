// Nodes that treat every row of their data by itself, and the same on maps. Private to passes/.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Which inputs of `id` are rows: tensors [..., c] whose last axis the node reads as a whole, with
/// the same axes in front as its result. The other inputs are constants. Nothing for other nodes:
/// these are element-wise ones, linear layers, Softmax and Concat over the last axis.
[[nodiscard]] std::optional<std::vector<std::size_t>> row_inputs(const Graph& graph, NodeId id);

/// Writes, in front of `id`, the node that does with maps [n, c, h, w] what `id` does with rows.
/// `maps` has one entry per input of `id`, with kNoValue for those that are no rows. Returns the
/// map, called "<result>/<pass>". Pre: row_inputs(graph, id).
[[nodiscard]] ValueId insert_on_maps(Graph& graph,
                                     NodeId id,
                                     const std::vector<ValueId>& maps,
                                     std::string_view pass);

}  // namespace mtmi::passes
