#include "mtmi/split/map_views.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_set>

#include "mtmi/split/extract.h"

namespace mtmi::split {
namespace {

// Transpose and Reshape, with one more of either in between.
constexpr int kMaxChain = 3;

/// Reshape or Transpose from `value`, one after the other, to a map.
std::optional<std::vector<NodeId>> chain_to_map(const Graph& graph, ValueId value, int limit) {
  if (limit == 0) {
    return std::nullopt;
  }
  for (const NodeId user : graph.users(value)) {
    const Node& node = graph.node(user);
    const bool is_view =
        (node.op == "Reshape" || node.op == "Transpose") && node.inputs.front() == value;
    if (!is_view) {
      continue;
    }
    const ValueId made = node.outputs.front();
    if (graph.type(made).shape.rank() == 4) {
      return std::vector{user};
    }
    if (auto rest = chain_to_map(graph, made, limit - 1)) {
      rest->insert(rest->begin(), user);
      return rest;
    }
  }
  return std::nullopt;
}

std::vector<std::int64_t> inverse(const std::vector<std::int64_t>& perm) {
  std::vector<std::int64_t> result(perm.size());
  for (std::size_t i = 0; i < perm.size(); ++i) {
    result[static_cast<std::size_t>(perm[i])] = static_cast<std::int64_t>(i);
  }
  return result;
}

std::vector<std::int64_t> permutation_of(const Node& transpose, int rank) {
  std::vector<std::int64_t> reversed;
  for (int axis = rank - 1; axis >= 0; --axis) {
    reversed.push_back(axis);
  }
  return transpose.attributes.get_ints("perm", reversed);
}

/// A node that makes from `from` what `view` was made from.
ValueId add_inverse(Graph& graph, const Node& view, ValueId from) {
  const TensorType target = graph.type(view.inputs.front());
  const ValueId made = graph.add_value(graph.value(view.inputs.front()).name + "/from_map", target);
  Node node{.name = graph.value(made).name,
            .op = view.op,
            .inputs = {from},
            .outputs = {made},
            .attributes = {}};
  if (view.op == "Transpose") {
    node.attributes.set("perm", inverse(permutation_of(view, target.shape.rank())));
  } else {
    const std::vector<std::int64_t>& extents = target.shape.extents();
    node.inputs.push_back(graph.add_constant(
        graph.value(made).name + "/shape",
        Tensor::from<std::int64_t>(Shape{target.shape.rank()}, std::span(extents))));
  }
  graph.add_node(std::move(node));
  return made;
}

ValueId to_map(Graph& graph, ValueId value, const std::unordered_set<NodeId>& encoder) {
  const auto chain = chain_to_map(graph, value, kMaxChain);
  if (!chain || graph.is_output(value)) {
    return value;
  }
  const ValueId map = graph.node(chain->back()).outputs.front();
  const std::vector<NodeId> users(graph.users(value).begin(), graph.users(value).end());
  std::vector<NodeId> others;
  std::copy_if(users.begin(), users.end(), std::back_inserter(others), [&](NodeId user) {
    return user != chain->front() && !encoder.contains(user);
  });
  if (others.empty()) {
    return map;
  }
  ValueId back = map;
  for (auto it = chain->rbegin(); it != chain->rend(); ++it) {
    const Node view = graph.node(*it);
    back = add_inverse(graph, view, back);
  }
  for (const NodeId user : others) {
    for (std::size_t i = 0; i < graph.node(user).inputs.size(); ++i) {
      if (graph.node(user).inputs[i] == value) {
        graph.set_input(user, i, back);
      }
    }
  }
  return map;
}

}  // namespace

std::vector<ValueId> prefer_maps(Graph& graph, std::vector<ValueId> cut) {
  const std::vector<ValueId> inputs(graph.inputs().begin(), graph.inputs().end());
  const std::unordered_set<NodeId> encoder = nodes_between(graph, inputs, cut);
  for (ValueId& value : cut) {
    if (graph.type(value).shape.rank() != 4) {
      value = to_map(graph, value, encoder);
    }
  }
  graph.sort();
  return cut;
}

}  // namespace mtmi::split
