// Several tensors element by element, and one.
#include <algorithm>
#include <utility>

#include "mtmi/backends/common_int8/lower/layers.h"
#include "mtmi/backends/common_int8/lower/requantize.h"
#include "mtmi/dla/layer_constants.h"

namespace mtmi::int8 {
namespace {

constexpr double kMaxConstant = 1073741824.0;

bool adds(std::string_view op) {
  return op == "Add" || op == "Sub" || op == "Sum";
}

bool compares(std::string_view op) {
  return op == "Equal" || op == "Greater" || op == "Less";
}

/// A constant operand in steps of `scale`, s32: one, one per channel, or one per element.
ValueId constant_operand(Builder& builder, const LayerAt& at, std::size_t index, float scale) {
  const std::vector<float> values =
      *dla::broadcast_constant(*at.constant(index), at.graph.type(at.node().outputs.front()).shape);
  const double low = adds(at.node().op) ? -kMaxConstant : -128.0;
  const double high = adds(at.node().op) ? kMaxConstant : 127.0;
  std::vector<std::int32_t> steps;
  for (const float value : values) {
    const double exact = static_cast<double>(value) / static_cast<double>(scale);
    steps.push_back(
        static_cast<std::int32_t>(std::clamp(dla::rounded(exact, builder.rounding()), low, high)));
  }
  return builder.add_constant(
      builder.source().value(at.output()).name + "/constant",
      Tensor::from<std::int32_t>(Shape{static_cast<std::int64_t>(steps.size())},
                                 std::span<const std::int32_t>(steps)));
}

/// The largest of the scales of what is computed.
float common_scale(const Builder& builder, const LayerAt& at) {
  float scale = 0.0F;
  for (const ValueId input : at.layer.inputs) {
    scale = std::max(scale, builder.plan().scale(input));
  }
  return scale;
}

/// What int8.Elementwise does with its operands' integers.
struct Elementwise {
  std::string op;
  std::vector<ValueId> operands;
  std::vector<std::int64_t> channels;  ///< of each operand; 0: constants
  std::vector<std::int8_t> factor;     ///< empty: 1
  std::vector<std::int32_t> shift;     ///< empty: 0
  std::vector<double> steps;           ///< what one integer stands for then
};

void emit_elementwise(Builder& builder,
                      const LayerAt& at,
                      ValueId output,
                      Elementwise elementwise) {
  const std::string& name = builder.source().value(output).name;
  const Exit exit = at.exit();
  const Multipliers m = multipliers(elementwise.steps, 1.0, builder.scale_of(output), exit.slopes);
  Attributes attributes{{"op", elementwise.op},
                        {"channels", elementwise.channels},
                        {"shape", builder.shape_of(output).logical().extents()}};
  if (builder.plan().is_int8(output)) {
    add_bounds(attributes, exit, builder.plan().scale(output), builder.rounding());
  }
  const auto count = [](const auto& values) {
    return Shape{static_cast<std::int64_t>(values.size())};
  };
  std::vector<ValueId> inputs = std::move(elementwise.operands);
  const auto& factor = elementwise.factor;
  const auto& shift = elementwise.shift;
  inputs.push_back(factor.empty() ? kNoValue
                                  : builder.add_constant(
                                        name + "/factor",
                                        Tensor::from<std::int8_t>(
                                            count(factor), std::span<const std::int8_t>(factor))));
  inputs.push_back(shift.empty() ? kNoValue
                                 : builder.add_constant(
                                       name + "/shift",
                                       Tensor::from<std::int32_t>(
                                           count(shift), std::span<const std::int32_t>(shift))));
  inputs.push_back(builder.add_floats(name + "/multipliers", m.positive));
  inputs.push_back(builder.add_floats(name + "/negative_multipliers", m.negative));
  builder.emit_result(output, "int8.Elementwise", std::move(inputs), std::move(attributes));
  clamp_half_result(builder, output, exit);
}

/// Multiplies by a BatchNormalization's factors on the grid of weights.
void normalize(Elementwise& elementwise,
               const Builder& builder,
               const dla::Affine& affine,
               float scale) {
  const dla::QuantizedWeights q =
      dla::quantize_weights(affine.factor, affine.shift, scale, builder.rounding());
  elementwise.factor = q.weights;
  elementwise.shift = q.bias;
  elementwise.steps.clear();
  for (const float weight : q.scales) {
    elementwise.steps.push_back(static_cast<double>(scale) * static_cast<double>(weight));
  }
}

/// A scaling by one number an element.
void lower_scaling_by_element(Builder& builder, const LayerAt& at) {
  const dla::Affine affine = scaling_of(at);
  const ValueId src = at.layer.inputs.front();
  Elementwise elementwise{.op = "Copy",
                          .operands = {builder.int8_map(src)},
                          .channels = {builder.shape_of(src).c},
                          .factor = {},
                          .shift = {},
                          .steps = {}};
  normalize(elementwise, builder, affine, builder.plan().scale(src));
  emit_elementwise(builder, at, at.output(), std::move(elementwise));
}

bool is_scaling(const LayerAt& at) {
  const std::string& op = at.node().op;
  return at.node().inputs.size() == 2 &&
         (op == "Add" || op == "Sub" || op == "Sum" || op == "Mul" || op == "Div") &&
         (at.constant(0) != nullptr || at.constant(1) != nullptr);
}

}  // namespace

void lower_operands(Builder& builder, const LayerAt& at) {
  if (is_scaling(at)) {
    lower_scaling_by_element(builder, at);
    return;
  }
  const std::string& op = at.node().op;
  const float scale = common_scale(builder, at);
  Elementwise elementwise{.op = op == "Sum" ? "Add" : op,
                          .operands = {},
                          .channels = {},
                          .factor = {},
                          .shift = {},
                          .steps = {}};
  double product = 1.0;
  for (std::size_t i = 0; i < at.node().inputs.size(); ++i) {
    const ValueId input = at.node().inputs[i];
    if (at.constant(i) != nullptr) {
      elementwise.operands.push_back(constant_operand(builder, at, i, scale));
      elementwise.channels.push_back(0);
      continue;
    }
    const ValueId map = builder.int8_map(input);
    const float own = builder.plan().scale(input);
    product *= static_cast<double>(own);
    elementwise.channels.push_back(builder.shape_of(input).c);
    elementwise.operands.push_back(
        op == "Mul" ? map : builder.emit_rescaled(map, builder.shape_of(input), own, scale));
  }
  const double step = op == "Mul" ? product : compares(op) ? 1.0 : static_cast<double>(scale);
  elementwise.steps = {step};
  if (const auto normalization = at.batch_normalization()) {
    normalize(elementwise, builder, dla::affine_of(at.graph, *normalization), scale);
  }
  for (const ValueId output : at.layer.outputs) {
    emit_elementwise(builder, at, output, elementwise);
  }
}

void lower_unary(Builder& builder, const LayerAt& at) {
  const ValueId src = at.layer.inputs.front();
  emit_elementwise(builder,
                   at,
                   at.output(),
                   {.op = at.node().op == "Abs" ? "Abs" : "Copy",
                    .operands = {builder.int8_map(src)},
                    .channels = {builder.shape_of(src).c},
                    .factor = {},
                    .shift = {},
                    .steps = {static_cast<double>(builder.plan().scale(src))}});
}

}  // namespace mtmi::int8
