// Layers in FP16 with kernels of their own.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "mtmi/backends/common_int8/lower/layers.h"
#include "mtmi/core/half.h"
#include "mtmi/dla/layer.h"
#include "mtmi/ops/conv.h"
#include "mtmi/ops/resize.h"

namespace mtmi::int8 {
namespace {

bool is_activation(std::string_view op) {
  return op == "Relu" || op == "LeakyRelu" || op == "Clip";
}

/// Attributes slope, least and most: what the layer's last node does, and what halves hold.
Attributes exit_attributes(const LayerAt& at) {
  const Exit exit = at.exit();
  return {{"slope", exit.slopes.empty() ? 1.0F : exit.slopes.front()},
          {"least", std::max(exit.least.value_or(-kLargestFloat16), -kLargestFloat16)},
          {"most", std::min(exit.most.value_or(kLargestFloat16), kLargestFloat16)}};
}

ValueId emit_half(Builder& builder,
                  const LayerAt& at,
                  std::string op,
                  std::vector<ValueId> inputs,
                  Attributes attributes) {
  return builder.emit(std::move(op),
                      std::move(inputs),
                      builder.source().value(at.output()).name + "/half",
                      {DType::Float16, builder.shape_of(at.output()).half_map()},
                      std::move(attributes));
}

/// Weights as halves; a BatchNormalization behind them multiplies the products in float32.
dla::ProductWeights half_weights(const LayerAt& at) {
  dla::ProductWeights product = dla::product_weights(at.graph, at.id(), std::nullopt);
  for (float& weight : product.weights) {
    weight = to_float(dla::to_half(weight));
  }
  if (const auto normalization = at.batch_normalization()) {
    const dla::Affine affine = dla::affine_of(at.graph, *normalization);
    const std::size_t row = product.weights.size() / product.bias.size();
    for (std::size_t i = 0; i < product.weights.size(); ++i) {
      product.weights[i] *= affine.factor[i / row];
    }
    for (std::size_t k = 0; k < product.bias.size(); ++k) {
      product.bias[k] = product.bias[k] * affine.factor[k] + affine.shift[k];
    }
  }
  return product;
}

/// A convolution of a map whose pixels lie `apart`, with zeros between them.
struct Convolution {
  std::array<Window, 2> windows;
  std::vector<std::int64_t> apart{1, 1};
  dla::ProductWeights product;  ///< [oc][ic, kh, kw]
};

Convolution convolution_of(const LayerAt& at, const Shape& src, const Shape& weights) {
  const auto g = ops::conv_geometry(at.node().attributes, src, weights);
  return {.windows = {g.windows[0], g.windows[1]}, .apart = {1, 1}, .product = half_weights(at)};
}

/// A transposed convolution is one of stride 1 with its kernel turned about both axes.
Convolution transposed_of(const LayerAt& at, const Shape& src, const Shape& weights) {
  const auto g = ops::conv_transpose_geometry(at.node().attributes, src, weights);
  Convolution result{.windows = {}, .apart = {}, .product = half_weights(at)};
  std::int64_t taps = 1;
  for (std::size_t i = 0; i < 2; ++i) {
    const Window& window = g.windows[i];
    result.apart.push_back(window.stride);
    result.windows[i] = {.kernel = window.kernel,
                         .stride = 1,
                         .dilation = window.dilation,
                         .pad_begin = window.reach() - 1 - window.pad_begin};
    taps *= window.kernel;
  }
  std::vector<float>& values = result.product.weights;
  for (auto at_tap = values.begin(); at_tap != values.end(); at_tap += taps) {
    std::reverse(at_tap, at_tap + taps);
  }
  return result;
}

bool lower_convolution(Builder& builder, const LayerAt& at) {
  if (at.node().attributes.get_int("group", 1) != 1 ||
      !dla::has_int8_arithmetic(at.graph, at.id())) {
    return false;
  }
  const ValueId src = at.layer.inputs.front();
  const Shape shape = at.graph.type(src).shape;
  const Shape node_weights = at.constant(1)->shape();
  const Convolution convolution = at.node().op == "Conv" ? convolution_of(at, shape, node_weights)
                                                         : transposed_of(at, shape, node_weights);
  const auto& [h, w] = convolution.windows;
  if (h.pad_begin < 0 || w.pad_begin < 0) {
    return false;  // a transposed one that is cut by more than its kernel reaches
  }
  Attributes attributes = exit_attributes(at);
  attributes.set("kernel", std::vector<std::int64_t>{h.kernel, w.kernel});
  attributes.set("strides", std::vector<std::int64_t>{h.stride, w.stride});
  attributes.set("dilations", std::vector<std::int64_t>{h.dilation, w.dilation});
  attributes.set("pads", std::vector<std::int64_t>{h.pad_begin, w.pad_begin});
  attributes.set("apart", convolution.apart);
  const auto oc = static_cast<std::int64_t>(convolution.product.bias.size());
  const std::string& name = builder.source().value(at.output()).name;
  const ValueId values = builder.add_constant(
      name + "/weights",
      Tensor::from<float>(Shape{oc, shape[1], h.kernel, w.kernel},
                          std::span<const float>(convolution.product.weights)));
  builder.define_from_halves(
      at.output(),
      emit_half(builder,
                at,
                "int8.HalfConv",
                {builder.half_map(src),
                 values,
                 builder.add_floats(name + "/bias", convolution.product.bias)},
                std::move(attributes)));
  return true;
}

bool lower_enlargement(Builder& builder, const LayerAt& at) {
  if (!dla::has_int8_arithmetic(at.graph, at.id())) {
    return false;
  }
  const dla::CheckOptions options;
  const dla::Layer layer(at.graph, at.id(), options);
  const ops::ResizeGeometry geometry = ops::resize_geometry(layer.context());
  if (geometry.rule.mode != ops::ResizeMode::Linear) {
    return false;
  }
  const std::vector<std::int64_t> factors{static_cast<std::int64_t>(geometry.axes[2].scale),
                                          static_cast<std::int64_t>(geometry.axes[3].scale)};
  builder.define_from_halves(at.output(),
                             emit_half(builder,
                                       at,
                                       "int8.HalfResize",
                                       {builder.half_map(at.layer.inputs.front())},
                                       {{"factors", factors}}));
  return true;
}

bool lower_joint(Builder& builder, const LayerAt& at) {
  if (!dla::has_int8_arithmetic(at.graph, at.id())) {
    return false;
  }
  std::vector<ValueId> parts;
  std::vector<std::int64_t> channels;
  for (const ValueId input : at.node().inputs) {
    parts.push_back(builder.half_map(input));
    channels.push_back(builder.shape_of(input).c);
  }
  builder.define_from_halves(
      at.output(),
      emit_half(builder, at, "int8.Concat", std::move(parts), {{"channels", channels}}));
  return true;
}

/// One map, or two of one shape, and no constants but an activation's own.
bool lower_elementwise(Builder& builder, const LayerAt& at) {
  const bool unary = is_activation(at.node().op) || at.node().op == "Identity";
  const Exit exit = dla::has_int8_arithmetic(at.graph, at.id()) ? at.exit() : Exit{};
  const std::size_t operands = unary ? 1 : 2;
  if (at.batch_normalization() || exit.slopes.size() > 1 ||
      (!unary && at.node().inputs.size() != operands) ||
      (unary && !dla::has_int8_arithmetic(at.graph, at.id()))) {
    return false;
  }
  std::vector<ValueId> maps;
  for (std::size_t i = 0; i < operands; ++i) {
    const ValueId input = at.node().inputs[i];
    if (at.constant(i) != nullptr || builder.shape_of(input) != builder.shape_of(at.output())) {
      return false;
    }
    maps.push_back(input);
  }
  std::transform(maps.begin(), maps.end(), maps.begin(), [&](ValueId input) {
    return builder.half_map(input);
  });
  Attributes attributes = exit_attributes(at);
  attributes.set("op", unary ? std::string("Copy") : at.node().op);
  builder.define_from_halves(
      at.output(),
      emit_half(builder, at, "int8.HalfElementwise", std::move(maps), std::move(attributes)));
  return true;
}

struct HalfLowering {
  std::string_view op;
  bool (*lower)(Builder& builder, const LayerAt& at);
};

constexpr std::array kLowerings{
    HalfLowering{"Add", lower_elementwise},
    HalfLowering{"Clip", lower_elementwise},
    HalfLowering{"Concat", lower_joint},
    HalfLowering{"Conv", lower_convolution},
    HalfLowering{"ConvTranspose", lower_convolution},
    HalfLowering{"Identity", lower_elementwise},
    HalfLowering{"LeakyRelu", lower_elementwise},
    HalfLowering{"Max", lower_elementwise},
    HalfLowering{"Min", lower_elementwise},
    HalfLowering{"Mul", lower_elementwise},
    HalfLowering{"Relu", lower_elementwise},
    HalfLowering{"Resize", lower_enlargement},
    HalfLowering{"Sub", lower_elementwise},
};

}  // namespace

bool lower_by_half_kernels(Builder& builder, const LayerAt& at) {
  const auto found =
      std::find_if(kLowerings.begin(), kLowerings.end(), [&at](const HalfLowering& lowering) {
        return lowering.op == at.node().op;
      });
  return found != kLowerings.end() && found->lower(builder, at);
}

}  // namespace mtmi::int8
