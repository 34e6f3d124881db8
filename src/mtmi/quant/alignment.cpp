#include "mtmi/quant/alignment.h"

#include <algorithm>
#include <utility>

#include "mtmi/dla/scale_groups.h"

namespace mtmi::quant {
namespace {

std::vector<dla::JointGroup> groups_of(const Graph& graph, AlignMode mode) {
  std::vector<dla::ScaleGroup> groups = dla::find_scale_groups(graph);
  if (mode == AlignMode::Required) {
    std::erase_if(groups, [](const dla::ScaleGroup& group) { return !group.required; });
  }
  return dla::join_groups(groups);
}

/// Those that have a scale.
std::vector<std::string> names_of(const Graph& graph,
                                  const dla::JointGroup& group,
                                  const ScaleTable& table) {
  std::vector<std::string> names;
  for (const ValueId id : group.values) {
    if (table.tensors.contains(graph.value(id).name)) {
      names.push_back(graph.value(id).name);
    }
  }
  return names;
}

/// The tensor whose range the others take; the first of equals, so that the order of names or
/// images changes nothing.
std::string widest_of(const std::vector<std::string>& names, const ScaleTable& table) {
  const auto narrower = [&table](const std::string& a, const std::string& b) {
    const TensorScale& left = table.tensors.at(a);
    const TensorScale& right = table.tensors.at(b);
    const bool left_dead = left.source == ScaleSource::Dead;
    const bool right_dead = right.source == ScaleSource::Dead;
    return left_dead != right_dead ? left_dead : left.scale < right.scale;
  };
  return *std::max_element(names.begin(), names.end(), narrower);
}

/// The rule that put `name` into the group; a required one where there is one.
std::string rule_of(const Graph& graph, const dla::JointGroup& joint, const std::string& name) {
  std::string rule;
  for (const dla::ScaleGroup& group : joint.groups) {
    const bool has_it = std::any_of(group.values.begin(), group.values.end(), [&](ValueId id) {
      return graph.value(id).name == name;
    });
    if (has_it && (rule.empty() || group.required)) {
      rule = group.rule;
      if (group.required) {
        break;
      }
    }
  }
  return rule;
}

void align_group(const Graph& graph, const dla::JointGroup& group, Alignment& alignment) {
  const std::vector<std::string> names = names_of(graph, group, alignment.table);
  if (names.empty()) {
    return;
  }
  const std::string widest = widest_of(names, alignment.table);
  const TensorScale target = alignment.table.tensors.at(widest);
  for (const std::string& name : names) {
    TensorScale& tensor = alignment.table.tensors.at(name);
    if (tensor.source == ScaleSource::Imported || tensor.scale == target.scale) {
      continue;
    }
    const std::string rule = rule_of(graph, group, name);
    alignment.changes.push_back({name, tensor.scale, target.scale, widest, names, rule});
    tensor.scale = target.scale;
    tensor.amax = target.amax;
    tensor.source = ScaleSource::Aligned;
    tensor.rule = rule;
  }
}

}  // namespace

Alignment align(ScaleTable table, const Graph& graph, AlignMode mode) {
  Alignment alignment{.table = std::move(table), .changes = {}};
  for (const dla::JointGroup& group : groups_of(graph, mode)) {
    align_group(graph, group, alignment);
  }
  return alignment;
}

}  // namespace mtmi::quant
