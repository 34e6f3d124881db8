#include "mtmi/quant/grid_weights.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/core/axis_split.h"
#include "mtmi/dla/int8_arithmetic.h"
#include "mtmi/error.h"

namespace mtmi::quant {
namespace {

/// The axis of the weights that output channels stand on; nothing where none does.
std::optional<int> channel_axis(const Node& node, const Shape& weights) {
  if (node.op == "Conv") {
    return 0;
  }
  if (node.op == "ConvTranspose") {
    return node.attributes.get_int("group", 1) == 1 ? std::optional(1) : std::nullopt;
  }
  if (node.op == "Gemm") {
    const bool has_factors =
        node.attributes.get_float("alpha", 1) != 1 || node.attributes.get_float("beta", 1) != 1;
    const bool is_transposed = node.attributes.get_int("transB", 0) != 0;
    return has_factors ? std::nullopt : std::optional(is_transposed ? 0 : 1);
  }
  return node.op == "MatMul" && weights.rank() == 2 ? std::optional(1) : std::nullopt;
}

/// The constant that input `index` is; nullptr where it is none, or not of float32.
const Tensor* float_constant(const Graph& graph, const Node& node, std::size_t index) {
  if (index >= node.inputs.size() || node.inputs[index] == kNoValue) {
    return nullptr;
  }
  const auto& constant = graph.value(node.inputs[index]).constant;
  return constant && constant->dtype() == DType::Float32 ? &*constant : nullptr;
}

bool has_input(const Node& node, std::size_t index) {
  return index < node.inputs.size() && node.inputs[index] != kNoValue;
}

bool is_finite(const Tensor& tensor) {
  const auto values = tensor.data<float>();
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

/// f(element of the tensor, element of the rows) for all, where a row is one channel.
template <class F>
void for_each_in_rows(const AxisSplit& split, F&& f) {
  std::size_t element = 0;
  const std::int64_t row = split.outer * split.inner;
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (std::int64_t k = 0; k < split.extent; ++k) {
      for (std::int64_t i = 0; i < split.inner; ++i) {
        f(element++, static_cast<std::size_t>(k * row + o * split.inner + i));
      }
    }
  }
}

std::vector<float> rows_of(const Tensor& weights, const AxisSplit& split) {
  const auto values = weights.data<float>();
  std::vector<float> rows(values.size());
  for_each_in_rows(split, [&](std::size_t element, std::size_t at) { rows[at] = values[element]; });
  return rows;
}

Tensor weights_on_grid(const Shape& shape,
                       const AxisSplit& split,
                       const dla::QuantizedWeights& quantized) {
  Tensor tensor(DType::Float32, shape);
  const auto values = tensor.data<float>();
  const auto row = static_cast<std::size_t>(split.outer * split.inner);
  for_each_in_rows(split, [&](std::size_t element, std::size_t at) {
    values[element] = static_cast<float>(quantized.weights[at]) * quantized.scales[at / row];
  });
  return tensor;
}

Tensor bias_on_grid(const Shape& shape, const dla::QuantizedWeights& quantized, float src_scale) {
  Tensor tensor(DType::Float32, shape);
  const auto values = tensor.data<float>();
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double step = static_cast<double>(src_scale) * static_cast<double>(quantized.scales[k]);
    values[k] = static_cast<float>(quantized.bias[k] * step);
  }
  return tensor;
}

}  // namespace

std::optional<GridWeights> grid_weights(const Graph& graph, NodeId id, float src_scale) {
  const Node& node = graph.node(id);
  const Tensor* const weights = float_constant(graph, node, 1);
  if (weights == nullptr || weights->num_elements() == 0) {
    return std::nullopt;
  }
  const std::optional<int> axis = channel_axis(node, weights->shape());
  const Tensor* const bias = float_constant(graph, node, 2);
  if (!axis || (has_input(node, 2) && bias == nullptr)) {
    return std::nullopt;
  }
  const AxisSplit split = split_at_axis(weights->shape(), *axis);
  if (bias != nullptr && bias->num_elements() != split.extent) {
    return std::nullopt;  // Gemm's may be one number or a whole matrix
  }
  if (!is_finite(*weights) || (bias != nullptr && !is_finite(*bias))) {
    throw Error(ErrorCode::InvalidModel,
                "quant::grid_weights",
                describe_node(graph, id) + ": got a weight that is not finite, expected none");
  }
  const std::vector<float> zeros(static_cast<std::size_t>(split.extent), 0.0F);
  const dla::QuantizedWeights quantized =
      dla::quantize_weights(rows_of(*weights, split),
                            bias == nullptr ? std::span<const float>(zeros) : bias->data<float>(),
                            src_scale,
                            dla::Rounding::HalfAway);
  GridWeights result{
      .axis = *axis,
      .weights = weights_on_grid(weights->shape(), split, quantized),
      .scales = Tensor::from(Shape{split.extent}, std::span<const float>(quantized.scales)),
      .bias = std::nullopt};
  if (bias != nullptr) {
    result.bias = bias_on_grid(bias->shape(), quantized, src_scale);
  }
  return result;
}

Tensor grid_shift(const Tensor& constant, float scale) {
  const std::vector<float> ones(static_cast<std::size_t>(constant.num_elements()), 1.0F);
  return bias_on_grid(
      constant.shape(),
      dla::quantize_weights(ones, constant.data<float>(), scale, dla::Rounding::HalfAway),
      scale);
}

Tensor grid_choice(const Tensor& constant, float scale) {
  Tensor result(DType::Float32, constant.shape());
  const auto from = constant.data<float>();
  std::transform(from.begin(), from.end(), result.data<float>().begin(), [scale](float value) {
    return static_cast<float>(dla::to_int8(value / scale, dla::Rounding::HalfAway)) * scale;
  });
  return result;
}

}  // namespace mtmi::quant
