// Reshapes that only merge leading axes, moved down to where they vanish.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A Reshape that merges axes in front of the last ([n, h, w, c] to [n, h * w, c]) is moved behind
/// operators that treat every row by itself: LayerNormalization over the last axis, MatMul with a
/// constant matrix, element-wise ones. Where such a tensor meets another (a residual connection),
/// the other is brought to the finer axes, if that can be done at a reshape above it.
///
/// Why: vision transformers flatten the map to tokens and back in every block; on axes
/// [n, h, w, c] throughout, merge_layouts finds nothing left to reshape.
///
/// Pre: types are known.
[[nodiscard]] Graph sink_reshapes(Graph graph);

}  // namespace mtmi::passes
