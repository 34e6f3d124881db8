#include "mtmi/passes/rewrite.h"

#include <algorithm>
#include <utility>

#include "mtmi/ops/operator.h"
#include "mtmi/passes/node_context.h"

namespace mtmi::passes {

void for_each_node(Graph& graph, std::string_view op, void (*change)(Graph&, NodeId)) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (graph.node(id).op == op) {
      change(graph, id);
    }
  }
}

void replace_node(
    Graph& graph, NodeId id, std::string op, std::vector<ValueId> inputs, Attributes attributes) {
  graph.set_op(id, std::move(op), std::move(attributes));
  graph.set_inputs(id, std::move(inputs));
}

ValueId insert_before(Graph& graph,
                      NodeId position,
                      std::string_view value_name,
                      std::string op,
                      std::vector<ValueId> inputs,
                      Attributes attributes) {
  const ValueId output = graph.add_value(value_name);
  const NodeId id = graph.insert_node(position,
                                      {.name = graph.value(output).name,
                                       .op = std::move(op),
                                       .inputs = std::move(inputs),
                                       .outputs = {output},
                                       .attributes = std::move(attributes)});
  infer_node_types(graph, id);
  return output;
}

void infer_node_types(Graph& graph, NodeId id) {
  const NodeContext inputs(graph, id);
  const std::vector<TensorType> inferred =
      ops::infer_types(graph, id, inputs.types(), inputs.constants());
  const std::vector<ValueId> outputs = graph.node(id).outputs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] != kNoValue) {
      graph.set_type(outputs[i], inferred[i]);
    }
  }
}

bool bypass_node(Graph& graph, NodeId id, ValueId value) {
  const ValueId output = graph.node(id).outputs[0];
  const std::vector<ValueId>& outputs = graph.node(id).outputs;
  const bool others_are_read =
      std::any_of(outputs.begin() + 1, outputs.end(), [&graph](ValueId other) {
        return other != kNoValue && (graph.is_output(other) || !graph.users(other).empty());
      });
  const bool is_fixed = graph.is_input(value) || graph.is_constant(value) || graph.is_output(value);
  if (others_are_read || (graph.is_output(output) && is_fixed)) {
    return false;
  }
  graph.erase_node(id);
  graph.replace_value(output, value);
  return true;
}

ValueId add_ints(Graph& graph, std::string_view name, const std::vector<std::int64_t>& values) {
  const Shape shape{static_cast<std::int64_t>(values.size())};
  return graph.add_constant(
      name, Tensor::from<std::int64_t>(shape, std::span<const std::int64_t>(values)));
}

std::string derived_name(std::string_view old, std::string_view pass) {
  const std::string suffix = "/" + std::string(pass);
  return old.ends_with(suffix) ? std::string(old) : std::string(old) + suffix;
}

}  // namespace mtmi::passes
