#include "mtmi/zoo/layers.h"

#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "mtmi/ops/operator.h"

namespace mtmi::zoo {
namespace {

float he_deviation(std::int64_t fan_in) {
  return std::sqrt(2.0F / static_cast<float>(fan_in));
}

}  // namespace

ValueId Layers::normal(const std::string& constant, Shape shape, float mean, float deviation) {
  Tensor tensor(DType::Float32, std::move(shape));
  for (float& x : tensor.data<float>()) {
    x = mean + deviation * random_.normal();
  }
  return graph_.add_constant(constant, std::move(tensor));
}

ValueId Layers::ints(const std::string& constant, const std::vector<std::int64_t>& values) {
  return graph_.add_constant(
      constant,
      Tensor::from<std::int64_t>(Shape{static_cast<std::int64_t>(values.size())},
                                 std::span<const std::int64_t>(values)));
}

ValueId Layers::scalar(const std::string& constant, float value) {
  return graph_.add_constant(constant, Tensor::from<float>(Shape{}, {value}));
}

ValueId Layers::apply(const std::string& op,
                      const std::string& layer,
                      std::vector<ValueId> inputs,
                      Attributes attributes) {
  const ValueId y = graph_.add_value(layer);
  const NodeId id = graph_.add_node({.name = layer,
                                     .op = op,
                                     .inputs = std::move(inputs),
                                     .outputs = {y},
                                     .attributes = std::move(attributes)});
  std::vector<std::optional<TensorType>> types;
  std::vector<const Tensor*> constants;
  for (const ValueId input : graph_.node(id).inputs) {
    types.push_back(input == kNoValue ? std::nullopt : std::optional(graph_.type(input)));
    constants.push_back(
        input != kNoValue && graph_.is_constant(input) ? &*graph_.value(input).constant : nullptr);
  }
  graph_.set_type(y, ops::infer_types(graph_, id, types, constants).front());
  return y;
}

ValueId Layers::apply(const std::string& op,
                      const std::string& layer,
                      std::vector<ValueId> inputs) {
  return apply(op, layer, std::move(inputs), {});
}

ValueId Layers::conv(const std::string& layer, ValueId x, const ConvShape& c) {
  const std::int64_t in_per_group = shape(x)[1] / c.groups;
  const std::int64_t fan_in = in_per_group * c.kernel * c.kernel;
  std::vector<ValueId> inputs{x,
                              normal(layer + ".weight",
                                     Shape{c.out_channels, in_per_group, c.kernel, c.kernel},
                                     0.0F,
                                     he_deviation(fan_in))};
  if (c.bias) {
    inputs.push_back(normal(layer + ".bias", Shape{c.out_channels}, 0.0F, 0.1F));
  }
  return apply("Conv",
               layer,
               std::move(inputs),
               {{"kernel_shape", std::vector<std::int64_t>{c.kernel, c.kernel}},
                {"strides", std::vector<std::int64_t>{c.stride, c.stride}},
                {"pads", std::vector<std::int64_t>(4, c.padding)},
                {"group", c.groups}});
}

ValueId Layers::batch_norm(const std::string& layer, ValueId x) {
  const Shape channels{shape(x)[1]};
  const ValueId variance = normal(layer + ".running_var", channels, 1.0F, 0.1F);
  return apply("BatchNormalization",
               layer,
               {x,
                normal(layer + ".weight", channels, 1.0F, 0.1F),
                normal(layer + ".bias", channels, 0.0F, 0.1F),
                normal(layer + ".running_mean", channels, 0.0F, 0.1F),
                variance},
               {{"epsilon", 1e-5F}});
}

ValueId Layers::layer_norm(const std::string& layer, ValueId x, float epsilon) {
  const Shape features{shape(x)[-1]};
  const ValueId scale = normal(layer + ".weight", features, 1.0F, 0.1F);
  const ValueId shift = normal(layer + ".bias", features, 0.0F, 0.1F);
  return apply("LayerNormalization",
               layer,
               {x, scale, shift},
               {{"axis", std::int64_t{-1}}, {"epsilon", epsilon}});
}

ValueId Layers::linear(const std::string& layer, ValueId x, std::int64_t out_features) {
  const std::int64_t in_features = shape(x)[-1];
  const ValueId weight = normal(
      layer + ".weight", Shape{in_features, out_features}, 0.0F, he_deviation(2 * in_features));
  const ValueId bias = normal(layer + ".bias", Shape{out_features}, 0.0F, 0.1F);
  return apply("Add", layer, {apply("MatMul", layer + "/matmul", {x, weight}), bias});
}

ValueId Layers::upsample(const std::string& layer, ValueId x, std::int64_t factor) {
  const auto scale = static_cast<float>(factor);
  const ValueId scales = graph_.add_constant(
      layer + ".scales", Tensor::from<float>(Shape{4}, {1.0F, 1.0F, scale, scale}));
  return apply("Resize",
               layer,
               {x, kNoValue, scales},
               {{"mode", std::string("linear")},
                {"coordinate_transformation_mode", std::string("half_pixel")}});
}

ValueId Layers::attention(const std::string& layer, ValueId q, ValueId k, ValueId v) {
  const float scale = 1.0F / std::sqrt(static_cast<float>(shape(q)[-1]));
  return apply("Attention", layer, {q, k, v}, {{"scale", scale}});
}

ValueId Layers::reshape(const std::string& layer,
                        ValueId x,
                        const std::vector<std::int64_t>& shape) {
  return apply("Reshape", layer, {x, ints(layer + ".shape", shape)});
}

ValueId Layers::transpose(const std::string& layer, ValueId x, std::vector<std::int64_t> perm) {
  return apply("Transpose", layer, {x}, {{"perm", std::move(perm)}});
}

ValueId Layers::concat_channels(const std::string& layer, std::vector<ValueId> parts) {
  return apply("Concat", layer, std::move(parts), {{"axis", std::int64_t{1}}});
}

}  // namespace mtmi::zoo
