// 1x1 convolutions that were written as linear layers.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A linear layer on the positions of a map - the map [n, c, h, w] brought to [n, h * w, c] or the
/// like, MatMul with constant weights, maybe Add, and back to a map of the same h and w - becomes a
/// 1x1 Conv on the map.
///
/// Why: six nodes for one, and devices without MatMul have the convolution.
///
/// Pre: types are known. Runs before merge_layouts, which would let the layer read what the map was
/// made of instead of the map.
[[nodiscard]] Graph restore_convolutions(Graph graph);

}  // namespace mtmi::passes
