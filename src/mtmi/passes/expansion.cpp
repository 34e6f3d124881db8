#include "mtmi/passes/expansion.h"

#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {

Expansion::Expansion(Graph& graph, NodeId root, std::string_view pass)
    : graph_(graph),
      root_(root),
      inputs_(graph.node(root).inputs),
      name_(derived_name(graph.value(graph.node(root).outputs[0]).name, pass)) {}

ValueId Expansion::input(std::size_t index) const {
  return index < inputs_.size() ? inputs_[index] : kNoValue;
}

ValueId Expansion::number(float value) {
  return constant(Tensor::from<float>(Shape{}, std::span<const float>(&value, 1)));
}

ValueId Expansion::ints(const std::vector<std::int64_t>& values) {
  return add_ints(graph_, name_ + "/ints", values);
}

ValueId Expansion::constant(Tensor tensor) {
  return graph_.add_constant(name_ + "/constant", std::move(tensor));
}

ValueId Expansion::add(std::string op, std::vector<ValueId> inputs, Attributes attributes) {
  return insert_before(
      graph_, root_, name_, std::move(op), std::move(inputs), std::move(attributes));
}

void Expansion::finish(std::string op, std::vector<ValueId> inputs, Attributes attributes) {
  replace_node(graph_, root_, std::move(op), std::move(inputs), std::move(attributes));
}

void Expansion::finish(ValueId value) {
  const auto last = graph_.producer(value);
  MTMI_ASSERT(last && graph_.users(value).empty());
  Node node = graph_.node(*last);
  graph_.erase_node(*last);
  finish(std::move(node.op), std::move(node.inputs), std::move(node.attributes));
}

}  // namespace mtmi::passes
