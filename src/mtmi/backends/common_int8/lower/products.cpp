// Products with constants: convolutions, matrices, and scalings as convolutions of one position.
#include <algorithm>
#include <utility>

#include "mtmi/backends/common_int8/lower/layers.h"
#include "mtmi/backends/common_int8/lower/requantize.h"
#include "mtmi/dla/layer_constants.h"
#include "mtmi/ops/conv.h"

namespace mtmi::int8 {
namespace {

std::vector<double> steps_of(float src_scale, std::span<const float> scales) {
  std::vector<double> steps;
  for (const float scale : scales) {
    steps.push_back(static_cast<double>(src_scale) * static_cast<double>(scale));
  }
  return steps;
}

/// Attributes that place the kernel on the map.
struct Placing {
  std::vector<std::int64_t> kernel{1, 1};
  std::vector<std::int64_t> strides{1, 1};
  std::vector<std::int64_t> dilations{1, 1};
  std::vector<std::int64_t> pads{0, 0};  ///< at the beginning
  std::int64_t groups = 1;

  [[nodiscard]] Attributes attributes(std::int64_t channels) const {
    return {{"kernel", kernel},
            {"strides", strides},
            {"dilations", dilations},
            {"pads", pads},
            {"group", groups},
            {"channels", channels}};
  }
};

Placing placing_of(const std::vector<Window>& windows, std::int64_t groups) {
  Placing placing{.kernel = {}, .strides = {}, .dilations = {}, .pads = {}, .groups = groups};
  for (const Window& window : windows) {
    placing.kernel.push_back(window.kernel);
    placing.strides.push_back(window.stride);
    placing.dilations.push_back(window.dilation);
    placing.pads.push_back(window.pad_begin);
  }
  return placing;
}

Placing placing_of(const LayerAt& at, const Shape& src) {
  const Node& node = at.node();
  if (node.op == "Conv") {
    const auto g = ops::conv_geometry(node.attributes, src, at.constant(1)->shape());
    return placing_of(g.windows, g.groups);
  }
  if (node.op == "ConvTranspose") {
    const auto g = ops::conv_transpose_geometry(node.attributes, src, at.constant(1)->shape());
    return placing_of(g.windows, 1);
  }
  return {};
}

/// Rows [oc][ic][kernel] to [ic][oc][kernel], as int8.Deconv takes them.
std::vector<std::int8_t> turned(const std::vector<std::int8_t>& rows,
                                std::int64_t oc,
                                std::int64_t ic) {
  const auto taps = static_cast<std::int64_t>(rows.size()) / (oc * ic);
  std::vector<std::int8_t> result;
  result.reserve(rows.size());
  for (std::int64_t c = 0; c < ic; ++c) {
    for (std::int64_t k = 0; k < oc; ++k) {
      const auto begin = rows.begin() + (k * ic + c) * taps;
      result.insert(result.end(), begin, begin + taps);
    }
  }
  return result;
}

/// What a convolution reads beside its map, in the order of its inputs.
struct Parameters {
  Tensor weights;
  std::vector<std::int32_t> bias;
  Multipliers multipliers;
};

void emit_product(Builder& builder,
                  const LayerAt& at,
                  const std::string& op,
                  const Parameters& parameters,
                  Attributes attributes) {
  const ValueId output = at.output();
  const std::string& name = builder.source().value(output).name;
  const Exit exit = at.exit();
  if (builder.plan().is_int8(output)) {
    add_bounds(attributes, exit, builder.plan().scale(output), builder.rounding());
  }
  const Shape rows{static_cast<std::int64_t>(parameters.bias.size())};
  const ValueId weights = builder.add_constant(name + "/weights", parameters.weights);
  const ValueId bias = builder.add_constant(
      name + "/bias",
      Tensor::from<std::int32_t>(rows, std::span<const std::int32_t>(parameters.bias)));
  builder.emit_result(
      output,
      op,
      {builder.int8_map(at.layer.inputs.front()),
       weights,
       bias,
       builder.add_floats(name + "/multipliers", parameters.multipliers.positive),
       builder.add_floats(name + "/negative_multipliers", parameters.multipliers.negative)},
      std::move(attributes));
  clamp_half_result(builder, output, exit);
}

/// One entry for each of `count`.
template <class T>
void repeat(std::vector<T>& values, std::size_t count) {
  if (values.size() == 1) {
    values.assign(count, values.front());
  }
}

}  // namespace

void lower_product(Builder& builder, const LayerAt& at) {
  const ValueId src = at.layer.inputs.front();
  const MapShape shape = builder.shape_of(src);
  const float scale = builder.plan().scale(src);
  const dla::ProductWeights product =
      dla::product_weights(at.graph, at.id(), at.batch_normalization());
  dla::QuantizedWeights q =
      dla::quantize_weights(product.weights, product.bias, scale, builder.rounding());
  const Placing placing = placing_of(at, at.graph.type(src).shape);
  const auto oc = static_cast<std::int64_t>(q.bias.size());
  const bool turn = at.node().op == "ConvTranspose";
  const std::int64_t ic = shape.c / placing.groups;
  if (turn) {
    q.weights = turned(q.weights, oc, ic);
  }
  const Shape weights_shape = turn ? Shape{ic, oc, placing.kernel[0], placing.kernel[1]}
                                   : Shape{oc, ic, placing.kernel[0], placing.kernel[1]};
  emit_product(
      builder,
      at,
      turn ? "int8.Deconv" : "int8.Conv",
      {.weights = Tensor::from<std::int8_t>(weights_shape, std::span<const std::int8_t>(q.weights)),
       .bias = q.bias,
       .multipliers = multipliers(
           steps_of(scale, q.scales), 1.0, builder.scale_of(at.output()), at.exit().slopes)},
      placing.attributes(shape.c));
}

void lower_scaling(Builder& builder, const LayerAt& at) {
  const ValueId src = at.layer.inputs.front();
  const MapShape shape = builder.shape_of(src);
  const float scale = builder.plan().scale(src);
  const dla::Affine affine = scaling_of(at);
  dla::QuantizedWeights q =
      dla::quantize_weights(affine.factor, affine.shift, scale, builder.rounding());
  const auto channels = static_cast<std::size_t>(shape.c);
  if (q.bias.size() != 1 && q.bias.size() != channels) {
    lower_operands(builder, at);  // one number an element: no convolution
    return;
  }
  repeat(q.weights, channels);
  repeat(q.bias, channels);
  repeat(q.scales, channels);
  emit_product(
      builder,
      at,
      "int8.Conv",
      {.weights = Tensor::from<std::int8_t>(Shape{shape.c, 1, 1, 1},
                                            std::span<const std::int8_t>(q.weights)),
       .bias = q.bias,
       .multipliers = multipliers(
           steps_of(scale, q.scales), 1.0, builder.scale_of(at.output()), at.exit().slopes)},
      Placing{.groups = shape.c}.attributes(shape.c));
}

}  // namespace mtmi::int8
