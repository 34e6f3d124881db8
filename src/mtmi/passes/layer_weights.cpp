#include "mtmi/passes/layer_weights.h"

#include <algorithm>
#include <string>

#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

bool is_plain_gemm(const Attributes& attributes) {
  return attributes.get_float("alpha", 1.0F) == 1.0F &&
         attributes.get_float("beta", 1.0F) == 1.0F && attributes.get_int("transA", 0) == 0;
}

/// Weights [oc, ic / groups, k...] of Conv; [ic, oc / groups, k...] of ConvTranspose, whose channel
/// g * (oc / groups) + j has its weights at j of the rows of group g; [k, n] or [n, k] of Gemm.
std::int64_t channel_count(const Node& node, const Shape& weights) {
  if (node.op == "Conv") {
    return weights[0];
  }
  if (node.op == "ConvTranspose") {
    return weights[1] * node.attributes.get_int("group", 1);
  }
  return node.attributes.get_int("transB", 0) != 0 ? weights[0] : weights[1];
}

/// How the weights lie in memory: `groups` times `rows` times the channels of one group in order,
/// each with `run` weights side by side.
struct WeightOrder {
  std::size_t groups = 1;
  std::size_t rows = 1;
  std::size_t channels = 1;  ///< of one group
  std::size_t run = 1;
};

WeightOrder order_of(const Node& node, const Shape& weights) {
  const auto extent = [&weights](int axis) { return static_cast<std::size_t>(weights[axis]); };
  const auto total = static_cast<std::size_t>(weights.num_elements());
  if (total == 0) {
    return {.groups = 0};
  }
  if (node.op == "Conv" || (node.op == "Gemm" && node.attributes.get_int("transB", 0) != 0)) {
    return {.groups = 1, .rows = 1, .channels = extent(0), .run = total / extent(0)};
  }
  const std::size_t groups = node.op == "ConvTranspose"
                                 ? static_cast<std::size_t>(node.attributes.get_int("group", 1))
                                 : 1;
  return {.groups = groups,
          .rows = extent(0) / groups,
          .channels = extent(1),
          .run = total / extent(0) / extent(1)};
}

std::vector<float> bias_of(const Graph& graph, const Node& node, std::int64_t channels) {
  const Tensor* bias = constant_of(graph, input_of(node, 2));
  std::vector<float> values(static_cast<std::size_t>(channels), 0.0F);
  if (bias != nullptr) {
    const auto data = bias->data<float>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = data[data.size() == 1 ? 0 : i];
    }
  }
  return values;
}

/// Whether `bias` is left out, or a float32 constant with one element or one per channel.
bool has_plain_bias(const Graph& graph, const Node& node, std::int64_t channels) {
  const ValueId bias = input_of(node, 2);
  const Tensor* tensor = constant_of(graph, bias);
  if (tensor == nullptr) {
    return bias == kNoValue;
  }
  const std::int64_t count = tensor->num_elements();
  return tensor->dtype() == DType::Float32 &&
         (count == 1 || (count == channels && varies_along_only(tensor->shape(), 0)));
}

}  // namespace

std::optional<Layer> layer_at(const Graph& graph, NodeId node_id) {
  const Node& node = graph.node(node_id);
  const bool is_layer = node.op == "Conv" || node.op == "ConvTranspose" ||
                        (node.op == "Gemm" && is_plain_gemm(node.attributes));
  const Tensor* weights = is_layer ? constant_of(graph, node.inputs[1]) : nullptr;
  if (weights == nullptr || weights->dtype() != DType::Float32) {
    return std::nullopt;
  }
  const std::int64_t channels = channel_count(node, weights->shape());
  if (!has_plain_bias(graph, node, channels)) {
    return std::nullopt;
  }
  return Layer{.node = node_id, .weights = *weights, .bias = bias_of(graph, node, channels)};
}

std::optional<Layer> foldable_layer(const Graph& graph, ValueId value) {
  const auto producer = graph.producer(value);
  return producer && graph.has_single_user(value) ? layer_at(graph, *producer) : std::nullopt;
}

Tensor transposed_matrix(const Tensor& matrix) {
  const std::int64_t rows = matrix.shape()[0];
  const std::int64_t columns = matrix.shape()[1];
  Tensor result(DType::Float32, Shape{columns, rows});
  const auto from = matrix.data<float>();
  const auto to = result.data<float>();
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      to[static_cast<std::size_t>(j * rows + i)] = from[static_cast<std::size_t>(i * columns + j)];
    }
  }
  return result;
}

Tensor input_channels(const Tensor& weights, std::int64_t begin, std::int64_t count) {
  std::vector<std::int64_t> extents = weights.shape().extents();
  const std::int64_t ic = extents[1];
  extents[1] = count;
  Tensor part(DType::Float32, Shape(std::move(extents)));
  const std::int64_t oc = weights.shape()[0];
  const std::int64_t run = oc == 0 || ic == 0 ? 0 : weights.num_elements() / oc / ic;
  const auto from = weights.data<float>();
  const auto to = part.data<float>();
  for (std::int64_t o = 0; o < oc; ++o) {
    std::copy_n(from.begin() + (o * ic + begin) * run, count * run, to.begin() + o * count * run);
  }
  return part;
}

void scale_channels(const Graph& graph, Layer& layer, std::span<const float> factors) {
  layer.weights = layer.weights.clone();
  const auto data = layer.weights.data<float>();
  const WeightOrder order = order_of(graph.node(layer.node), layer.weights.shape());
  float* weight = data.data();
  for (std::size_t block = 0; block < order.groups * order.rows; ++block) {
    const std::size_t first = block / order.rows * order.channels;
    for (std::size_t c = 0; c < order.channels; ++c, weight += order.run) {
      std::transform(weight, weight + order.run, weight, [factor = factors[first + c]](float w) {
        return w * factor;
      });
    }
  }
  for (std::size_t c = 0; c < layer.bias.size(); ++c) {
    layer.bias[c] *= factors[c];
  }
}

void become_layer(Graph& graph, NodeId id, const Layer& layer, std::string_view pass) {
  const Node source = graph.node(layer.node);
  const ValueId old_weights = source.inputs[1];
  const ValueId old_bias = input_of(source, 2);
  const bool same_weights = bitwise_equal(layer.weights, *constant_of(graph, old_weights));
  const ValueId weights =
      same_weights
          ? old_weights
          : graph.add_constant(derived_name(graph.value(old_weights).name, pass), layer.weights);
  ValueId bias = kNoValue;
  if (std::any_of(layer.bias.begin(), layer.bias.end(), [](float b) { return b != 0.0F; })) {
    const std::string stem = old_bias != kNoValue ? graph.value(old_bias).name
                                                  : graph.value(source.outputs[0]).name + "/bias";
    bias =
        graph.add_constant(derived_name(stem, pass),
                           Tensor::from<float>(Shape{static_cast<std::int64_t>(layer.bias.size())},
                                               std::span<const float>(layer.bias)));
  }
  std::vector<ValueId> inputs{source.inputs[0], weights};
  if (bias != kNoValue) {
    inputs.push_back(bias);
  }
  replace_node(graph, id, source.op, std::move(inputs), source.attributes);
  graph.set_node_name(id, source.name);
}

}  // namespace mtmi::passes
