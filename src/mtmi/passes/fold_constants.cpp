#include "mtmi/passes/fold_constants.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/generators.h"
#include "mtmi/ops/operator.h"
#include "mtmi/passes/node_context.h"

namespace mtmi::passes {
namespace {

bool are_constant(const NodeContext& inputs) {
  return std::equal(
      inputs.types().begin(),
      inputs.types().end(),
      inputs.constants().begin(),
      [](const auto& type, const Tensor* constant) { return !type || constant != nullptr; });
}

bool is_foldable(const Node& node, const NodeContext& inputs, std::span<const TensorType> outputs) {
  if (!are_constant(inputs) || node.op == "QuantizeLinear" || node.op == "DequantizeLinear" ||
      !can_evaluate(node.op)) {
    return false;
  }
  std::size_t input_bytes = 0;
  for (const Tensor* constant : inputs.constants()) {
    input_bytes += constant == nullptr ? 0 : constant->size_bytes();
  }
  const std::size_t output_bytes = std::accumulate(
      outputs.begin(), outputs.end(), std::size_t{0}, [](std::size_t sum, const TensorType& type) {
        return sum + static_cast<std::size_t>(type.shape.num_elements()) * size_of(type.dtype);
      });
  return output_bytes <= input_bytes + kMaxConstantGrowth;
}

/// The value of a node that asks for the shape of its input only; nothing for others.
std::optional<Tensor> value_from_shape(const Node& node, const NodeContext& inputs) {
  if (node.op == "Size") {
    return Tensor::from<std::int64_t>(Shape{}, {inputs.types()[0]->shape.num_elements()});
  }
  if (node.op == "Shape") {
    const std::vector<std::int64_t> extents =
        ops::extents_between(node.attributes, inputs.types()[0]->shape);
    return Tensor::from<std::int64_t>(Shape{static_cast<std::int64_t>(extents.size())},
                                      std::span<const std::int64_t>(extents));
  }
  return std::nullopt;
}

void make_constants(Graph& graph, NodeId id, std::vector<Tensor> tensors) {
  const std::vector<ValueId> outputs = graph.node(id).outputs;
  graph.erase_node(id);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] != kNoValue) {
      graph.set_constant(outputs[i], std::move(tensors[i]));
    }
  }
}

void visit(Graph& graph, NodeId id) {
  const NodeContext inputs(graph, id);
  const std::vector<TensorType> types =
      ops::infer_types(graph, id, inputs.types(), inputs.constants());
  const Node& node = graph.node(id);
  if (std::optional<Tensor> value = value_from_shape(node, inputs)) {
    make_constants(graph, id, {std::move(*value)});
  } else if (is_foldable(node, inputs, types)) {
    make_constants(graph, id, evaluate(graph, id, inputs.constants()));
  } else {
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (node.outputs[i] != kNoValue) {
        graph.set_type(node.outputs[i], types[i]);
      }
    }
  }
}

}  // namespace

Graph fold_constants(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    visit(graph, id);
  }
  return graph;
}

}  // namespace mtmi::passes
