#include "mtmi/eval/changed_part.h"

#include <algorithm>
#include <unordered_set>

#include "mtmi/split/extract.h"

namespace mtmi::eval {
namespace {

/// Which values of a graph another one computes as well.
class Comparison {
 public:
  Comparison(const Graph& graph, const Graph& base, const std::set<std::string>& changed_inputs)
      : graph_(graph), base_(base) {
    for (const ValueId input : graph.inputs()) {
      if (!changed_inputs.contains(graph.value(input).name)) {
        same_.insert(input);
      }
    }
    for (const NodeId id : graph.order()) {
      if (is_same_node(graph.node(id))) {
        same_.insert(graph.node(id).outputs.begin(), graph.node(id).outputs.end());
      }
    }
    same_.erase(kNoValue);
  }

  [[nodiscard]] bool is_same(ValueId id) const { return same_.contains(id); }

  [[nodiscard]] std::vector<ValueId> same() const { return {same_.begin(), same_.end()}; }

 private:
  /// The node of the base that makes values of these names.
  [[nodiscard]] const Node* twin(const Node& node) const {
    const auto is_made = [](ValueId id) { return id != kNoValue; };
    const auto first = std::find_if(node.outputs.begin(), node.outputs.end(), is_made);
    if (first == node.outputs.end()) {
      return nullptr;
    }
    const auto value = base_.find_value(graph_.value(*first).name);
    const auto producer = value ? base_.producer(*value) : std::nullopt;
    return producer ? &base_.node(*producer) : nullptr;
  }

  [[nodiscard]] bool is_same_node(const Node& node) const {
    const Node* other = twin(node);
    return other != nullptr && node.op == other->op && node.attributes == other->attributes &&
           std::equal(node.outputs.begin(),
                      node.outputs.end(),
                      other->outputs.begin(),
                      other->outputs.end(),
                      [this](ValueId a, ValueId b) { return has_name_of(a, b); }) &&
           std::equal(node.inputs.begin(),
                      node.inputs.end(),
                      other->inputs.begin(),
                      other->inputs.end(),
                      [this](ValueId a, ValueId b) { return is_same_input(a, b); });
  }

  [[nodiscard]] bool has_name_of(ValueId a, ValueId b) const {
    return a == kNoValue || b == kNoValue ? a == b : graph_.value(a).name == base_.value(b).name;
  }

  [[nodiscard]] bool is_same_input(ValueId a, ValueId b) const {
    if (a == kNoValue || b == kNoValue) {
      return a == b;
    }
    const auto& constant = graph_.value(a).constant;
    const auto& other = base_.value(b).constant;
    if (constant || other) {
      return constant && other && bitwise_equal(*constant, *other);
    }
    return is_same(a) && has_name_of(a, b);
  }

  const Graph& graph_;
  const Graph& base_;
  std::unordered_set<ValueId> same_;
};

/// Values that both graphs have and the changed nodes read, or that are results as they are.
std::vector<ValueId> values_to_start_from(const Graph& graph, const Comparison& comparison) {
  const std::vector<ValueId> same = comparison.same();
  const auto changed = split::nodes_between(graph, same, graph.outputs());
  std::unordered_set<ValueId> read(graph.outputs().begin(), graph.outputs().end());
  for (const NodeId id : changed) {
    read.insert(graph.node(id).inputs.begin(), graph.node(id).inputs.end());
  }
  std::vector<ValueId> start;
  for (const ValueId id : graph.values()) {
    if (read.contains(id) && (graph.is_input(id) || comparison.is_same(id))) {
      start.push_back(id);
    }
  }
  return start;
}

void share_constants(Graph& graph, const Graph& base) {
  for (const ValueId id : graph.values()) {
    const auto& constant = graph.value(id).constant;
    const auto other = constant ? base.find_value(graph.value(id).name) : std::nullopt;
    if (other && base.is_constant(*other) &&
        bitwise_equal(*constant, *base.value(*other).constant)) {
      graph.set_constant(id, *base.value(*other).constant);
    }
  }
}

}  // namespace

ChangedPart changed_part(const Graph& graph,
                         const Graph& base,
                         const std::set<std::string>& changed_inputs) {
  const Comparison comparison(graph, base, changed_inputs);
  const std::vector<ValueId> start = values_to_start_from(graph, comparison);
  ChangedPart part{.graph = split::extract(graph, graph.name, start, graph.outputs()),
                   .shared = {}};
  share_constants(part.graph, base);
  for (const ValueId id : start) {
    if (!graph.is_input(id)) {
      part.shared.push_back(graph.value(id).name);
    }
  }
  return part;
}

}  // namespace mtmi::eval
