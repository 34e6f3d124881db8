// Chains of reshapes and transposes made as short as they can be.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Replaces every chain of Reshape, Transpose, Flatten, Squeeze and Unsqueeze by the shortest one
/// of the same effect, in one canonical form (layout.h): Reshape and Transpose only, with the shape
/// written out. Where results in between are read elsewhere, only if nodes are saved.
///
/// Why: exporters write five nodes for what one does, each its own five.
///
/// Pre: types are known.
[[nodiscard]] Graph merge_layouts(Graph graph);

}  // namespace mtmi::passes
