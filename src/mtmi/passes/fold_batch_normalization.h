// BatchNormalization into the weights of the layer in front of it.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Conv, ConvTranspose or Gemm with constant weights, read by a BatchNormalization only: its factor
/// goes into the weights, the rest into the bias. In float32, in this order, as exporters do it
/// themselves, so that files folded here and there end with the same bits:
///   factor = scale / sqrt(var + eps);  W' = W * factor;  b' = (b - mean) * factor + B
///
/// Why: it is free at inference; what is left over would cost a sweep over the map.
///
/// Pre: types are known.
[[nodiscard]] Graph fold_batch_normalization(Graph graph);

}  // namespace mtmi::passes
