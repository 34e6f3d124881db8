#include "mtmi/dla/layer_constants.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"
#include "mtmi/dla/int8_arithmetic.h"
#include "mtmi/error.h"

namespace mtmi::dla {
namespace {

const Tensor& constant_input(const Graph& graph, const Node& node, std::size_t index) {
  const auto& constant = graph.value(node.inputs[index]).constant;
  MTMI_ASSERT(constant.has_value());
  return *constant;
}

bool has_input(const Node& node, std::size_t index) {
  return index < node.inputs.size() && node.inputs[index] != kNoValue;
}

/// [rows, inner, rest] to [inner, rows, rest].
std::vector<float> swap_axes(std::span<const float> from,
                             std::int64_t rows,
                             std::int64_t inner,
                             std::int64_t rest) {
  std::vector<float> to;
  to.reserve(from.size());
  for (std::int64_t i = 0; i < inner; ++i) {
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto row = from.subspan(static_cast<std::size_t>((r * inner + i) * rest),
                                    static_cast<std::size_t>(rest));
      to.insert(to.end(), row.begin(), row.end());
    }
  }
  return to;
}

ProductWeights convolution_weights(const Graph& graph, const Node& node) {
  const Tensor& tensor = constant_input(graph, node, 1);
  ProductWeights result{.weights = floats_of(tensor), .bias = {}};
  const Shape& shape = tensor.shape();
  std::int64_t rows = shape[0];
  if (node.op == "ConvTranspose") {
    rows = shape[1];
    result.weights =
        swap_axes(result.weights, shape[0], shape[1], shape.num_elements() / (shape[0] * shape[1]));
  }
  result.bias = has_input(node, 2) ? floats_of(constant_input(graph, node, 2))
                                   : std::vector<float>(static_cast<std::size_t>(rows), 0.0F);
  return result;
}

void multiply(std::vector<float>& values, float factor) {
  for (float& value : values) {
    value = static_cast<float>(static_cast<double>(value) * static_cast<double>(factor));
  }
}

ProductWeights matrix_weights(const Graph& graph, const Node& node) {
  const Tensor& tensor = constant_input(graph, node, 1);
  const bool gemm = node.op == "Gemm";
  const bool transposed = gemm && node.attributes.get_int("transB", 0) != 0;
  ProductWeights result{.weights = floats_of(tensor), .bias = {}};
  if (!transposed) {
    result.weights = swap_axes(result.weights, tensor.shape()[0], tensor.shape()[1], 1);
  }
  const auto rows = static_cast<std::size_t>(tensor.shape()[transposed ? 0 : 1]);
  result.bias.assign(rows, 0.0F);
  if (gemm && has_input(node, 2)) {
    const std::vector<float> bias = floats_of(constant_input(graph, node, 2));
    for (std::size_t k = 0; k < rows; ++k) {
      result.bias[k] = bias[bias.size() == 1 ? 0 : k];
    }
  }
  if (gemm) {
    multiply(result.weights, node.attributes.get_float("alpha", 1.0F));
    multiply(result.bias, node.attributes.get_float("beta", 1.0F));
  }
  return result;
}

void fold(ProductWeights& product, const Affine& affine) {
  const std::size_t rows = product.bias.size();
  const std::size_t row = product.weights.size() / rows;
  for (std::size_t k = 0; k < rows; ++k) {
    const double factor = affine.factor[k];
    for (std::size_t i = 0; i < row; ++i) {
      float& w = product.weights[k * row + i];
      w = static_cast<float>(static_cast<double>(w) * factor);
    }
    product.bias[k] = static_cast<float>(static_cast<double>(product.bias[k]) * factor +
                                         static_cast<double>(affine.shift[k]));
  }
}

void require_finite(const Graph& graph, NodeId id, std::span<const float> values) {
  const auto is_finite = [](float x) { return std::isfinite(x); };
  if (!std::all_of(values.begin(), values.end(), is_finite)) {
    throw Error(ErrorCode::InvalidModel,
                "dla::layer_constants",
                describe_node(graph, id) + ": got a weight that is not finite, expected numbers");
  }
}

}  // namespace

std::vector<float> floats_of(const Tensor& constant) {
  std::vector<float> result;
  result.reserve(static_cast<std::size_t>(constant.num_elements()));
  if (constant.dtype() == DType::Float32) {
    const auto data = constant.data<float>();
    result.assign(data.begin(), data.end());
  } else if (constant.dtype() == DType::Float16) {
    for (const Float16 h : constant.data<Float16>()) {
      result.push_back(to_float(h));
    }
  } else if (constant.dtype() == DType::Float64) {
    for (const double x : constant.data<double>()) {
      result.push_back(static_cast<float>(x));
    }
  } else {
    throw Error(ErrorCode::Unsupported,
                "dla::floats_of",
                "a constant of a layer: got " + std::string(to_string(constant.dtype())) +
                    ", expected f32, f16 or f64");
  }
  return result;
}

Tensor half_operand(const Node& node, std::size_t index, const Tensor& constant) {
  if (!is_floating_point(constant.dtype())) {
    return constant;
  }
  static constexpr std::array<std::string_view, 4> kProducts{
      "Conv", "ConvTranspose", "Gemm", "MatMul"};
  std::vector<float> values = floats_of(constant);
  if (index == 1 && is_one_of(node.op, kProducts)) {
    for (float& value : values) {
      value = to_float(to_half(value));
    }
  }
  return Tensor::from<float>(constant.shape(), std::span<const float>(values));
}

std::optional<std::vector<float>> broadcast_constant(const Tensor& constant, const Shape& result) {
  std::vector<float> values = floats_of(constant);
  if (values.size() == 1) {
    return values;
  }
  // The constant's extents, with ones in front of them.
  const Shape& shape = constant.shape();
  const int missing = result.rank() - shape.rank();
  const auto extent = [&](int axis) { return axis < missing ? 1 : shape[axis - missing]; };
  if (missing < 0 || result.rank() < 2 || extent(0) != 1) {
    return std::nullopt;
  }
  std::vector<std::int64_t> strides(static_cast<std::size_t>(result.rank()), 0);
  std::int64_t stride = 1;
  bool per_channel = true;
  for (int axis = result.rank() - 1; axis > 0; --axis) {
    strides[static_cast<std::size_t>(axis)] = extent(axis) == 1 ? 0 : stride;
    stride *= extent(axis);
    per_channel = per_channel && (axis == 1 || extent(axis) == 1);
  }
  if (per_channel) {
    return values;
  }
  std::vector<float> all;
  for (std::int64_t i = 0; i < result.num_elements() / result[0]; ++i) {
    std::int64_t rest = i;
    std::int64_t at = 0;
    for (int axis = result.rank() - 1; axis > 0; --axis) {
      at += rest % result[axis] * strides[static_cast<std::size_t>(axis)];
      rest /= result[axis];
    }
    all.push_back(values[static_cast<std::size_t>(at)]);
  }
  return all;
}

Affine affine_of(const Graph& graph, NodeId batch_normalization) {
  const Node& node = graph.node(batch_normalization);
  std::vector<float> parameters[4];
  for (std::size_t i = 0; i < 4; ++i) {
    parameters[i] = floats_of(constant_input(graph, node, i + 1));
  }
  const auto& [gamma, beta, mean, variance] = parameters;
  const double epsilon = node.attributes.get_float("epsilon", 1e-5F);
  Affine affine;
  for (std::size_t k = 0; k < gamma.size(); ++k) {
    const double factor =
        static_cast<double>(gamma[k]) / std::sqrt(static_cast<double>(variance[k]) + epsilon);
    affine.factor.push_back(static_cast<float>(factor));
    affine.shift.push_back(
        static_cast<float>(static_cast<double>(beta[k]) - static_cast<double>(mean[k]) * factor));
  }
  require_finite(graph, batch_normalization, affine.factor);
  require_finite(graph, batch_normalization, affine.shift);
  return affine;
}

ProductWeights product_weights(const Graph& graph,
                               NodeId product,
                               std::optional<NodeId> batch_normalization) {
  const Node& node = graph.node(product);
  const bool convolution = node.op == "Conv" || node.op == "ConvTranspose";
  ProductWeights result =
      convolution ? convolution_weights(graph, node) : matrix_weights(graph, node);
  if (batch_normalization) {
    fold(result, affine_of(graph, *batch_normalization));
  }
  require_finite(graph, product, result.weights);
  require_finite(graph, product, result.bias);
  return result;
}

}  // namespace mtmi::dla
