#include "mtmi/onnx/element_types.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/onnx/proto.h"

namespace mtmi::onnx {
namespace {

constexpr std::array<std::string_view, 9> kComparisons{
    "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "Not"};
// The first input of these is of another type.
constexpr std::array<std::string_view, 3> kOfSecondInput{"Where", "DequantizeLinear", "CastLike"};
constexpr std::array<std::string_view, 4> kIndices{"ArgMax", "ArgMin", "Shape", "Size"};

}  // namespace

ElementTypes::ElementTypes(const Graph& graph) : graph_(graph) {
  for (const NodeId id : graph_.order()) {
    const Node& node = graph_.node(id);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const auto type = output_type(node, i);
      if (type && node.outputs[i] != kNoValue) {
        types_.emplace(node.outputs[i], *type);
      }
    }
  }
}

std::optional<DType> ElementTypes::of(ValueId id) const {
  if (id == kNoValue) {
    return std::nullopt;
  }
  const auto it = types_.find(id);
  return it != types_.end() ? std::optional(it->second) : graph_.value(id).dtype;
}

std::optional<DType> ElementTypes::output_type(const Node& node, std::size_t index) const {
  const auto input = [&](std::size_t i) {
    return i < node.inputs.size() ? of(node.inputs[i]) : std::nullopt;
  };
  if (is_one_of(node.op, kComparisons)) {
    return DType::Bool;
  }
  // The second output of these two counts positions.
  const bool is_position = index == 1 && (node.op == "TopK" || node.op == "MaxPool");
  if (is_one_of(node.op, kIndices) || is_position) {
    return DType::Int64;
  }
  if (node.op == "Cast") {
    const Attribute* to = node.attributes.find("to");
    const auto* number = to != nullptr ? std::get_if<std::int64_t>(to) : nullptr;
    return number != nullptr ? parse_data_type(static_cast<std::int32_t>(*number)) : std::nullopt;
  }
  if (node.op == "ConstantOfShape") {
    const Attribute* value = node.attributes.find("value");
    const auto* tensor = value != nullptr ? std::get_if<Tensor>(value) : nullptr;
    return tensor != nullptr ? tensor->dtype() : DType::Float32;
  }
  if (node.op == "QuantizeLinear") {
    return input(2).value_or(DType::UInt8);
  }
  return input(is_one_of(node.op, kOfSecondInput) ? 1 : 0);
}

}  // namespace mtmi::onnx
