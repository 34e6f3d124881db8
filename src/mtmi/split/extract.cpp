#include "mtmi/split/extract.h"

#include <unordered_map>
#include <utility>
#include <vector>

#include "mtmi/core/assert.h"

namespace mtmi::split {
namespace {

class Extractor {
 public:
  Extractor(const Graph& from, const std::string& name) : from_(from) { to_.name = name; }

  Graph run(std::span<const ValueId> inputs, std::span<const ValueId> outputs) {
    for (const ValueId input : inputs) {
      if (!mapped_.contains(input)) {
        mapped_.emplace(input, to_.add_input(from_.value(input).name, from_.type(input)));
      }
    }
    const std::unordered_set<NodeId> needed = nodes_between(from_, inputs, outputs);
    for (const NodeId id : from_.order()) {
      if (needed.contains(id)) {
        copy_node(id);
      }
    }
    for (const ValueId output : outputs) {
      to_.add_output(map(output));
    }
    return std::move(to_);
  }

 private:
  ValueId map(ValueId value) {
    if (value == kNoValue) {
      return kNoValue;
    }
    const auto it = mapped_.find(value);
    if (it != mapped_.end()) {
      return it->second;
    }
    const Value& v = from_.value(value);
    MTMI_ASSERT(v.constant.has_value());  // anything else was mapped by its producer, or bypasses
    return mapped_.emplace(value, to_.add_constant(v.name, *v.constant)).first->second;
  }

  void copy_node(NodeId id) {
    Node node = from_.node(id);
    for (ValueId& input : node.inputs) {
      input = map(input);
    }
    for (ValueId& output : node.outputs) {
      // An input of the piece that this node makes beside a needed output stays an input.
      if (output == kNoValue || mapped_.contains(output)) {
        output = kNoValue;
        continue;
      }
      const Value& v = from_.value(output);
      const ValueId copy =
          v.dtype && v.shape ? to_.add_value(v.name, from_.type(output)) : to_.add_value(v.name);
      mapped_.emplace(output, copy);
      output = copy;
    }
    to_.add_node(std::move(node));
  }

  const Graph& from_;
  Graph to_;
  std::unordered_map<ValueId, ValueId> mapped_;
};

}  // namespace

std::unordered_set<NodeId> nodes_between(const Graph& graph,
                                         std::span<const ValueId> inputs,
                                         std::span<const ValueId> outputs) {
  std::unordered_set<NodeId> needed;
  const std::unordered_set<ValueId> closed(inputs.begin(), inputs.end());
  std::vector<ValueId> stack(outputs.begin(), outputs.end());
  while (!stack.empty()) {
    const ValueId value = stack.back();
    stack.pop_back();
    if (value == kNoValue || closed.contains(value)) {
      continue;
    }
    const auto producer = graph.producer(value);
    if (producer && needed.insert(*producer).second) {
      const Node& node = graph.node(*producer);
      stack.insert(stack.end(), node.inputs.begin(), node.inputs.end());
    }
  }
  return needed;
}

Graph extract(const Graph& graph,
              const std::string& name,
              std::span<const ValueId> inputs,
              std::span<const ValueId> outputs) {
  return Extractor(graph, name).run(inputs, outputs);
}

}  // namespace mtmi::split
