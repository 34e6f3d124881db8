// Multiplications and additions per channel into the weights of the layer in front of them.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Conv, ConvTranspose or Gemm with constant weights, read only by an Add, Sub, Mul or Div with a
/// constant of one number per output channel (or one for all): it goes into bias or weights.
///
/// Why: exporters write biases as Add, and BatchNorm or LayerScale as Mul and Add.
///
/// Pre: types are known.
[[nodiscard]] Graph fold_affine(Graph graph);

}  // namespace mtmi::passes
