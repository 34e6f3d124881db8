#include "mtmi/dla/fused_layers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_set>

namespace mtmi::dla {
namespace {

bool parameters_are_constant(const Graph& graph, const Node& node) {
  return std::all_of(node.inputs.begin() + 1, node.inputs.end(), [&graph](ValueId input) {
    return input == kNoValue || graph.is_constant(input);
  });
}

bool is_sum(std::string_view op) {
  static constexpr std::array<std::string_view, 3> kSums{"Add", "Sub", "Sum"};
  return is_one_of(op, kSums);
}

/// Layers that hold their result in more bits than they read, until they round it once.
bool accumulates(const Graph& graph, const Node& node) {
  static constexpr std::array<std::string_view, 5> kProducts{
      "Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization"};
  return is_sum(node.op) || (is_one_of(node.op, kProducts) && parameters_are_constant(graph, node));
}

/// Whether a BatchNormalization may follow within the layer: behind products, and sums of tensors.
/// A sum with a constant is itself a scaling, and two scalings are two layers.
bool takes_normalization(const Graph& graph, const Node& node) {
  if (!is_sum(node.op)) {
    return node.op != "BatchNormalization";
  }
  return std::none_of(node.inputs.begin(), node.inputs.end(), [&graph](ValueId input) {
    return graph.is_constant(input);
  });
}

bool is_comparison(std::string_view op) {
  static constexpr std::array<std::string_view, 3> kComparisons{"Equal", "Greater", "Less"};
  return is_one_of(op, kComparisons);
}

bool is_activation(const Graph& graph, const Node& node) {
  return node.op == "Relu" || node.op == "LeakyRelu" ||
         (node.op == "Clip" && parameters_are_constant(graph, node));
}

bool is_computed_as_half(std::string_view op) {
  static constexpr std::array<std::string_view, 3> kFunctions{"Sigmoid", "Tanh", "Softmax"};
  return is_one_of(op, kFunctions);
}

/// The one node that reads what `id` makes, as its first input; nothing where there are others.
std::optional<NodeId> only_reader(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.outputs.size() != 1 || !graph.has_single_user(node.outputs[0])) {
    return std::nullopt;
  }
  const NodeId reader = graph.users(node.outputs[0])[0];
  return graph.node(reader).inputs[0] == node.outputs[0] ? std::optional(reader) : std::nullopt;
}

/// The Casts behind a comparison, in order; none where anything else reads it.
std::vector<NodeId> casts_behind(const Graph& graph, NodeId comparison) {
  const ValueId result = graph.node(comparison).outputs[0];
  const auto users = graph.users(result);
  const bool casts = std::all_of(
      users.begin(), users.end(), [&graph](NodeId user) { return graph.node(user).op == "Cast"; });
  if (!casts || graph.is_output(result)) {
    return {};
  }
  std::vector<NodeId> sorted(users.begin(), users.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::vector<NodeId> nodes_from(const Graph& graph, NodeId first) {
  std::vector<NodeId> nodes{first};
  if (is_comparison(graph.node(first).op)) {
    const std::vector<NodeId> casts = casts_behind(graph, first);
    nodes.insert(nodes.end(), casts.begin(), casts.end());
    return nodes;
  }
  if (!accumulates(graph, graph.node(first))) {
    return nodes;
  }
  auto next = only_reader(graph, first);
  if (next && graph.node(*next).op == "BatchNormalization" &&
      takes_normalization(graph, graph.node(first)) &&
      parameters_are_constant(graph, graph.node(*next))) {
    nodes.push_back(*next);
    next = only_reader(graph, *next);
  }
  if (next && is_activation(graph, graph.node(*next))) {
    nodes.push_back(*next);
  }
  return nodes;
}

std::vector<ValueId> outputs_of(const Graph& graph, const std::vector<NodeId>& nodes) {
  std::vector<ValueId> outputs;
  const bool compares = is_comparison(graph.node(nodes.front()).op);
  const std::size_t begin = compares && nodes.size() > 1 ? 1 : nodes.size() - 1;
  for (std::size_t i = begin; i < nodes.size(); ++i) {
    for (const ValueId output : graph.node(nodes[i]).outputs) {
      if (output != kNoValue) {
        outputs.push_back(output);
      }
    }
  }
  return outputs;
}

std::vector<ValueId> inputs_of(const Graph& graph, const Node& node) {
  std::vector<ValueId> inputs;
  for (const ValueId input : node.inputs) {
    if (input != kNoValue && !graph.is_constant(input) &&
        std::find(inputs.begin(), inputs.end(), input) == inputs.end()) {
      inputs.push_back(input);
    }
  }
  return inputs;
}

FusedLayer layer_from(const Graph& graph, NodeId first) {
  FusedLayer layer;
  layer.nodes = nodes_from(graph, first);
  // Those behind the first read constants beside what it makes.
  layer.inputs = inputs_of(graph, graph.node(first));
  layer.outputs = outputs_of(graph, layer.nodes);
  const auto reader = only_reader(graph, layer.nodes.back());
  layer.leaves_as_half = accumulates(graph, graph.node(first)) && reader &&
                         is_computed_as_half(graph.node(*reader).op);
  return layer;
}

}  // namespace

std::vector<FusedLayer> fuse_layers(const Graph& graph) {
  std::vector<FusedLayer> layers;
  std::unordered_set<NodeId> covered;
  for (const NodeId id : graph.order()) {
    if (covered.contains(id)) {
      continue;
    }
    layers.push_back(layer_from(graph, id));
    covered.insert(layers.back().nodes.begin(), layers.back().nodes.end());
  }
  return layers;
}

std::set<std::string> exchanged_tensors(const Graph& graph) {
  std::set<std::string> names;
  for (const FusedLayer& layer : fuse_layers(graph)) {
    for (const std::vector<ValueId>* values : {&layer.inputs, &layer.outputs}) {
      for (const ValueId id : *values) {
        names.insert(graph.value(id).name);
      }
    }
  }
  return names;
}

}  // namespace mtmi::dla
