// The weights of one layer as INT8 sees them.
#pragma once

#include <optional>

#include "mtmi/graph/graph.h"
#include "mtmi/tensor.h"

namespace mtmi::quant {

/// Weights and bias that lie on their integer grids, as float32: quantising them changes nothing.
struct GridWeights {
  int axis = 0;                ///< of the weights that the output channels stand on
  Tensor weights;              ///< integers from -127 to 127 times the scale of their channel
  Tensor scales;               ///< one per output channel
  std::optional<Tensor> bias;  ///< integers times src_scale * scale; nothing where there is none
};

/// Of a Conv, ConvTranspose, Gemm or MatMul that reads integers of `src_scale` and whose other
/// inputs are float32 constants; rounded half away from zero, as a DLA does
/// (dla::quantize_weights). Nothing for nodes without such weights, and where no axis of the
/// weights stands for the output channels (ConvTranspose in groups but depthwise, Gemm with
/// factors).
///
/// Throws Error(InvalidModel) naming the node where a weight is not finite.
[[nodiscard]] std::optional<GridWeights> grid_weights(const Graph& graph,
                                                      NodeId id,
                                                      float src_scale);

/// A float32 constant that is added to integers of `scale` or subtracted from them: as the bias of
/// a product with 1, whose weight is 127 steps. Pre: finite.
[[nodiscard]] Tensor grid_shift(const Tensor& constant, float scale);

/// A float32 constant from which Max and Min choose beside integers of `scale`: the nearest INT8,
/// half away from zero, times `scale`. Pre: finite.
[[nodiscard]] Tensor grid_choice(const Tensor& constant, float scale);

}  // namespace mtmi::quant
