// LayerNormalization written out in elementary operators.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// (x - mean(x)) / sqrt(mean((x - mean(x))^2) + eps) [* gamma [+ beta]] over the last axes becomes
/// one LayerNormalization, in any of the spellings of exporters: the square as Pow or Mul, the root
/// as Sqrt, Pow 0.5 or Pow -0.5, the quotient as Div or as Mul by Reciprocal.
///
/// Why: opset 16 and older have no LayerNormalization, so exporters write nine nodes; devices have
/// one kernel.
///
/// Pre: types are known.
[[nodiscard]] Graph fuse_layer_normalization(Graph graph);

}  // namespace mtmi::passes
