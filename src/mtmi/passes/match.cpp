#include "mtmi/passes/match.h"

#include <algorithm>
#include <cstring>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"

namespace mtmi::passes {
namespace {

/// Whether all elements have the bits of the first.
bool is_uniform(const Tensor& tensor) {
  const auto bytes = tensor.bytes();
  const std::size_t size = size_of(tensor.dtype());
  return bytes.size() >= size &&
         std::memcmp(bytes.data(), bytes.data() + size, bytes.size() - size) == 0;
}

std::optional<double> first_element(const Tensor& tensor) {
  switch (tensor.dtype()) {
    case DType::Float32:
      return tensor.data<float>()[0];
    case DType::Float64:
      return tensor.data<double>()[0];
    case DType::Float16:
      return to_float(tensor.data<Float16>()[0]);
    case DType::BFloat16:
      return to_float(tensor.data<BFloat16>()[0]);
    case DType::Int8:
      return tensor.data<std::int8_t>()[0];
    case DType::UInt8:
      return tensor.data<std::uint8_t>()[0];
    case DType::Int32:
      return tensor.data<std::int32_t>()[0];
    case DType::Int64:
      return static_cast<double>(tensor.data<std::int64_t>()[0]);
    case DType::Bool:
      return std::nullopt;
  }
  return std::nullopt;
}

double rounded_to(DType dtype, double number) {
  switch (dtype) {
    case DType::Float32:
      return static_cast<float>(number);
    case DType::Float16:
      return to_float(to_float16(static_cast<float>(number)));
    case DType::BFloat16:
      return to_float(to_bfloat16(static_cast<float>(number)));
    default:
      return number;
  }
}

}  // namespace

std::optional<NodeId> producer_of(const Graph& graph, ValueId value, std::string_view op) {
  if (value == kNoValue) {
    return std::nullopt;
  }
  const auto producer = graph.producer(value);
  return producer && graph.node(*producer).op == op ? producer : std::nullopt;
}

std::optional<NodeId> only_user_of(const Graph& graph, ValueId value, std::string_view op) {
  if (!graph.has_single_user(value)) {
    return std::nullopt;
  }
  const NodeId user = graph.users(value)[0];
  return graph.node(user).op == op ? std::optional(user) : std::nullopt;
}

ValueId input_of(const Node& node, std::size_t index) {
  return index < node.inputs.size() ? node.inputs[index] : kNoValue;
}

const Tensor* constant_of(const Graph& graph, ValueId value) {
  return value != kNoValue && graph.is_constant(value) ? &*graph.value(value).constant : nullptr;
}

std::optional<double> uniform_constant(const Graph& graph, ValueId value) {
  const Tensor* tensor = constant_of(graph, value);
  if (tensor == nullptr || tensor->num_elements() == 0 || !is_uniform(*tensor)) {
    return std::nullopt;
  }
  return first_element(*tensor);
}

bool is_filled_with(const Graph& graph, ValueId value, double number) {
  const std::optional<double> uniform = uniform_constant(graph, value);
  return uniform && *uniform == rounded_to(*graph.value(value).dtype, number);
}

std::optional<std::vector<std::int64_t>> constant_ints(const Graph& graph, ValueId value) {
  const Tensor* tensor = constant_of(graph, value);
  if (tensor == nullptr) {
    return std::nullopt;
  }
  if (tensor->dtype() == DType::Int64) {
    const auto data = tensor->data<std::int64_t>();
    return std::vector<std::int64_t>(data.begin(), data.end());
  }
  if (tensor->dtype() == DType::Int32) {
    const auto data = tensor->data<std::int32_t>();
    return std::vector<std::int64_t>(data.begin(), data.end());
  }
  return std::nullopt;
}

bool same_type(const Graph& graph, ValueId a, ValueId b) {
  const Value& x = graph.value(a);
  const Value& y = graph.value(b);
  return x.dtype && x.shape && x.dtype == y.dtype && x.shape == y.shape;
}

const Shape& shape_of(const Graph& graph, ValueId value) {
  const std::optional<Shape>& shape = graph.value(value).shape;
  MTMI_ASSERT(shape.has_value());
  return *shape;
}

std::size_t positive_axis(std::int64_t axis, int rank) {
  return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
}

bool varies_along_only(const Shape& shape, int axis_from_back) {
  for (int i = 0; i < shape.rank(); ++i) {
    if (shape[shape.rank() - 1 - i] != 1 && i != axis_from_back) {
      return false;
    }
  }
  return true;
}

}  // namespace mtmi::passes
