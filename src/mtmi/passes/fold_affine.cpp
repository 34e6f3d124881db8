#include "mtmi/passes/fold_affine.h"

#include <algorithm>

#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/match.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "fold_affine";

/// The elements of `value`, one per channel; nothing if it is no float32 constant that acts per
/// channel of a result of `rank` axes. The channels of Gemm are innermost, of Conv the second axis.
std::optional<std::vector<float>> channel_values(const Graph& graph,
                                                 ValueId value,
                                                 std::size_t channels,
                                                 int axis_from_back) {
  const Tensor* tensor = constant_of(graph, value);
  if (tensor == nullptr || tensor->dtype() != DType::Float32 ||
      !varies_along_only(tensor->shape(), axis_from_back)) {
    return std::nullopt;
  }
  const auto data = tensor->data<float>();
  if (data.size() == 1) {
    return std::vector<float>(channels, data[0]);
  }
  return data.size() == channels ? std::optional(std::vector<float>(data.begin(), data.end()))
                                 : std::nullopt;
}

/// `op` with the constant second: result = layer op constant.
void apply(const Graph& graph, std::string_view op, std::vector<float> values, Layer& layer) {
  if (op == "Mul" || op == "Div") {
    if (op == "Div") {
      std::transform(
          values.begin(), values.end(), values.begin(), [](float value) { return 1.0F / value; });
    }
    scale_channels(graph, layer, values);
    return;
  }
  const float sign = op == "Sub" ? -1.0F : 1.0F;
  for (std::size_t c = 0; c < values.size(); ++c) {
    layer.bias[c] += sign * values[c];
  }
}

void fold(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const auto operands =
      either_operand(node, [&graph](ValueId value) { return graph.is_constant(value); });
  const bool constant_is_second = operands && operands->matched == node.inputs[1];
  if (!operands || (!constant_is_second && (node.op == "Sub" || node.op == "Div")) ||
      !same_type(graph, operands->other, node.outputs[0])) {
    return;
  }
  std::optional<Layer> layer = foldable_layer(graph, operands->other);
  if (!layer) {
    return;
  }
  const int rank = shape_of(graph, operands->other).rank();
  const int axis_from_back = graph.node(layer->node).op == "Gemm" ? 0 : rank - 2;
  std::optional<std::vector<float>> values =
      channel_values(graph, operands->matched, layer->bias.size(), axis_from_back);
  if (values) {
    apply(graph, node.op, std::move(*values), *layer);
    become_layer(graph, id, *layer, kName);
  }
}

}  // namespace

Graph fold_affine(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const std::string& op = graph.node(id).op;
    if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") {
      fold(graph, id);
    }
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
