// The constants of layers as float32, and what they come down to before they are quantised.
#pragma once

#include <optional>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::dla {

/// The elements of a Float32, Float16 or Float64 constant. Throws Error(Unsupported) for others.
[[nodiscard]] std::vector<float> floats_of(const Tensor& constant);

/// Constant input `index` as a layer in FP16 reads it: weights of products as halves, other floats
/// as they are, as float32.
[[nodiscard]] Tensor half_operand(const Node& node, std::size_t index, const Tensor& constant);

/// A constant operand beside a result [n, c, ...]: its one element, one per channel, or one per
/// element of [c, ...]; nothing where it differs between the images of a batch.
[[nodiscard]] std::optional<std::vector<float>> broadcast_constant(const Tensor& constant,
                                                                   const Shape& result);

/// y[k] = factor[k] * x + shift[k]
struct Affine {
  std::vector<float> factor;
  std::vector<float> shift;
};

/// A BatchNormalization with constant parameters, in float64 and rounded once to float32.
/// Throws Error(InvalidModel) naming the node where that is not finite.
[[nodiscard]] Affine affine_of(const Graph& graph, NodeId batch_normalization);

/// The weights and bias of a product, one row a channel of the result.
struct ProductWeights {
  std::vector<float> weights;  ///< [rows, row]
  std::vector<float> bias;     ///< [rows]
};

/// Of a Conv, ConvTranspose (groups 1), Gemm or MatMul, and of the BatchNormalization behind it, if
/// any, whose factors are multiplied in float64 and rounded once.
///   Conv           [oc][ic, kh, kw] as in the node
///   ConvTranspose  [oc][ic, kh, kw], turned from the node's [ic][oc, kh, kw]
///   Gemm, MatMul   [n][k], alpha and beta multiplied in
/// Throws Error(InvalidModel) naming the node where anything is not finite.
[[nodiscard]] ProductWeights product_weights(const Graph& graph,
                                             NodeId product,
                                             std::optional<NodeId> batch_normalization);

}  // namespace mtmi::dla
