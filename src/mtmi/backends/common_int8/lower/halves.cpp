// Layers in FP16: functions by table, and everything else in float32 between halves.
#include <array>
#include <unordered_map>
#include <utility>

#include "mtmi/backends/common_int8/lower/layers.h"
#include "mtmi/core/half.h"
#include "mtmi/ops/checks.h"

namespace mtmi::int8 {
namespace {

using HalfFunction = Float16 (*)(Float16);

/// nullptr for operators that are no function of one half.
HalfFunction function_of(std::string_view op) {
  return op == "Sigmoid" ? dla::sigmoid_of_half : op == "Tanh" ? dla::tanh_of_half : nullptr;
}

/// From INT8 by way of halves to INT8: 256 answers.
Tensor table_of(HalfFunction function, float from, float to, dla::Rounding rounding) {
  std::array<std::int8_t, 256> table{};
  for (int q = -128; q < 128; ++q) {
    const Float16 h = function(dla::leave_as_half(q, from));
    table[static_cast<std::size_t>(q + 128)] = dla::quantize_half(h, to, rounding);
  }
  return Tensor::from<std::int8_t>(Shape{256}, std::span<const std::int8_t>(table));
}

void lower_function(Builder& builder, const LayerAt& at, HalfFunction function) {
  const ValueId src = at.layer.inputs.front();
  const ValueId output = at.output();
  const auto from = builder.scale_of(src);
  const auto to = builder.scale_of(output);
  if (from && to) {
    const ValueId table = builder.add_constant(builder.source().value(output).name + "/table",
                                               table_of(function, *from, *to, builder.rounding()));
    builder.emit_result(output, "int8.LookUp", {builder.int8_map(src), table}, {});
    return;
  }
  builder.emit_result(output,
                      "int8.HalfFunction",
                      {builder.half_map(src)},
                      {{"function", at.node().op}, {"scale", to.value_or(1.0F)}});
}

void lower_softmax(Builder& builder, const LayerAt& at) {
  const ValueId src = at.layer.inputs.front();
  const int axis = ops::normalized_axis(at.node().attributes.get_int("axis", -1),
                                        at.graph.type(src).shape.rank());
  builder.define_from_halves(at.output(),
                             builder.emit("int8.Softmax",
                                          {builder.half_map(src)},
                                          builder.source().value(at.output()).name + "/half",
                                          {DType::Float16, builder.shape_of(src).half_map()},
                                          {{"axis", std::int64_t{axis}}}));
}

/// The same type as the source's, but float32 for every floating-point one.
TensorType float_type(const TensorType& type) {
  return is_floating_point(type.dtype) ? TensorType{DType::Float32, type.shape} : type;
}

Attributes float_attributes(const Node& node) {
  Attributes attributes = node.attributes;
  if (node.op == "Cast") {
    attributes.set("to", std::int64_t{1});  // ONNX's number of float32
  }
  return attributes;
}

/// The layer's nodes as they are, on float32.
void lower_in_floats(Builder& builder, const LayerAt& at) {
  std::unordered_map<ValueId, ValueId> lowered;
  for (const ValueId input : at.layer.inputs) {
    lowered.emplace(input, builder.floats(input));
  }
  for (const NodeId id : at.layer.nodes) {
    const Node& node = at.graph.node(id);
    Node copy{.name = node.name,
              .op = node.op,
              .inputs = {},
              .outputs = {},
              .attributes = float_attributes(node)};
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const ValueId input = node.inputs[i];
      if (input == kNoValue || lowered.contains(input)) {
        copy.inputs.push_back(input == kNoValue ? kNoValue : lowered.at(input));
        continue;
      }
      const Value& value = at.graph.value(input);
      copy.inputs.push_back(
          builder.add_constant(value.name + "/float", dla::half_operand(node, i, *value.constant)));
    }
    for (const ValueId output : node.outputs) {
      if (output == kNoValue) {
        copy.outputs.push_back(kNoValue);
        continue;
      }
      const ValueId result = builder.graph().add_value(
          builder.graph().unique_name(at.graph.value(output).name + "/unrounded"),
          float_type(at.graph.type(output)));
      lowered.insert_or_assign(output, result);
      copy.outputs.push_back(result);
    }
    builder.graph().add_node(std::move(copy));
  }
  for (const ValueId output : at.layer.outputs) {
    builder.define_from_floats(output, lowered.at(output));
  }
}

}  // namespace

void lower_half_layer(Builder& builder, const LayerAt& at) {
  if (const HalfFunction function = function_of(at.node().op)) {
    lower_function(builder, at, function);
  } else if (at.node().op == "Softmax") {
    lower_softmax(builder, at);
  } else if (!lower_by_half_kernels(builder, at)) {
    lower_in_floats(builder, at);
  }
}

}  // namespace mtmi::int8
