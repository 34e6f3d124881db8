// The weights of Conv, ConvTranspose and Gemm, seen per output channel. Private to passes/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A layer whose weights and bias are float32 constants.
struct Layer {
  NodeId node;
  Tensor weights;
  std::vector<float> bias;  ///< one per output channel; zeros where the layer has none
};

/// `node` as a Layer, if it is a Conv, ConvTranspose or plain Gemm (alpha = beta = 1, transA = 0)
/// with constant float32 weights and bias; nothing otherwise.
[[nodiscard]] std::optional<Layer> layer_at(const Graph& graph, NodeId node);

/// layer_at() of the node that makes `value`, if `value` is read once and is no output.
[[nodiscard]] std::optional<Layer> foldable_layer(const Graph& graph, ValueId value);

/// A float32 [m, n] matrix as [n, m].
[[nodiscard]] Tensor transposed_matrix(const Tensor& matrix);

/// Channels [begin, begin + count) of the input side of [oc, ic, k...] weights.
[[nodiscard]] Tensor input_channels(const Tensor& weights, std::int64_t begin, std::int64_t count);

/// Multiplies the weights and the bias of output channel c by factors[c].
void scale_channels(const Graph& graph, Layer& layer, std::span<const float> factors);

/// Lets node `id` be the layer, with its weights and bias as new constants called after the old
/// ones and `pass`. A bias of zeros is left out.
void become_layer(Graph& graph, NodeId id, const Layer& layer, std::string_view pass);

}  // namespace mtmi::passes
