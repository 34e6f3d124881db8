#include "mtmi/dla/scale_groups.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace mtmi::dla {
namespace {

struct GroupRule {
  std::string_view op;
  std::string_view rule;
  bool required;
  std::size_t data_inputs;  ///< those behind are parameters
  bool with_output;
};

constexpr std::size_t kAll = ~std::size_t{0};
constexpr std::string_view kOperands = "dla.range.operands";
constexpr std::string_view kPooling = "dla.range.pooling";

constexpr std::array kRules{
    GroupRule{"Add", kOperands, true, kAll, false},
    GroupRule{"AveragePool", kPooling, true, 1, true},
    GroupRule{"Concat", "dla.range.concat", true, kAll, true},
    GroupRule{"Equal", kOperands, true, kAll, false},
    GroupRule{"Greater", kOperands, true, kAll, false},
    GroupRule{"Less", kOperands, true, kAll, false},
    GroupRule{"Max", kOperands, true, kAll, false},
    GroupRule{"MaxPool", kPooling, true, 1, true},
    GroupRule{"Min", kOperands, true, kAll, false},
    GroupRule{"Resize", "dla.range.resize", false, 1, true},
    GroupRule{"Sub", kOperands, true, kAll, false},
    GroupRule{"Sum", kOperands, true, kAll, false},
};

void add_once(std::vector<ValueId>& values, ValueId id) {
  if (std::find(values.begin(), values.end(), id) == values.end()) {
    values.push_back(id);
  }
}

std::vector<ValueId> values_of(const Graph& graph, const Node& node, const GroupRule& rule) {
  std::vector<ValueId> values;
  for (std::size_t i = 0; i < std::min(node.inputs.size(), rule.data_inputs); ++i) {
    if (node.inputs[i] != kNoValue && !graph.is_constant(node.inputs[i])) {
      add_once(values, node.inputs[i]);
    }
  }
  if (rule.with_output && !values.empty()) {
    add_once(values, node.outputs.front());
  }
  return values;
}

/// Disjoint sets of indices.
class Sets {
 public:
  explicit Sets(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  [[nodiscard]] std::size_t find(std::size_t i) {
    while (parent_[i] != i) {
      i = parent_[i] = parent_[parent_[i]];
    }
    return i;
  }

  /// The smaller index names the set.
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

/// The scales of a group's values, in their order; nothing where one has none.
std::optional<std::vector<float>> scales_of(const Graph& graph,
                                            const ScaleGroup& group,
                                            const std::map<std::string, float>& scales) {
  std::vector<float> result;
  for (const ValueId id : group.values) {
    const auto found = scales.find(graph.value(id).name);
    if (found == scales.end()) {
      return std::nullopt;
    }
    result.push_back(found->second);
  }
  return result;
}

}  // namespace

std::vector<ScaleGroup> find_scale_groups(const Graph& graph) {
  std::vector<ScaleGroup> groups;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    const auto* const rule = std::find_if(
        kRules.begin(), kRules.end(), [&node](const GroupRule& r) { return r.op == node.op; });
    if (rule == kRules.end()) {
      continue;
    }
    std::vector<ValueId> values = values_of(graph, node, *rule);
    if (values.size() > 1) {
      groups.push_back({rule->rule, rule->required, id, std::move(values)});
    }
  }
  return groups;
}

std::vector<JointGroup> join_groups(const std::vector<ScaleGroup>& groups) {
  Sets sets(groups.size());
  std::unordered_map<ValueId, std::size_t> first_group;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (const ValueId id : groups[i].values) {
      sets.join(i, first_group.try_emplace(id, i).first->second);
    }
  }
  std::vector<JointGroup> joint;
  std::unordered_map<std::size_t, std::size_t> place;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto [at, is_new] = place.try_emplace(sets.find(i), joint.size());
    if (is_new) {
      joint.emplace_back();
    }
    JointGroup& target = joint[at->second];
    target.groups.push_back(groups[i]);
    for (const ValueId id : groups[i].values) {
      add_once(target.values, id);
    }
  }
  return joint;
}

std::vector<Rescale> find_rescales(const Graph& graph, const std::map<std::string, float>& scales) {
  std::vector<Rescale> rescales;
  for (const ScaleGroup& group : find_scale_groups(graph)) {
    const auto found = scales_of(graph, group, scales);
    if (!group.required || !found) {
      continue;
    }
    const bool has_output = group.values.back() == graph.node(group.node).outputs.front();
    const float to = has_output ? found->back() : *std::max_element(found->begin(), found->end());
    for (std::size_t i = 0; i < group.values.size(); ++i) {
      if ((*found)[i] != to) {
        rescales.push_back({group.node, group.values[i], (*found)[i], to, group.rule});
      }
    }
  }
  return rescales;
}

}  // namespace mtmi::dla
