#include "mtmi/passes/merge_layouts.h"

#include <algorithm>
#include <string_view>

#include "mtmi/ops/transpose.h"
#include "mtmi/passes/layout_chain.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "merge_layouts";

/// The longest end of `chain` that is one Layout; the chain is cut to it.
Layout layout_of(const Graph& graph, std::vector<NodeId>& chain) {
  Layout layout(shape_of(graph, graph.node(chain[0]).inputs[0]));
  for (std::size_t i = 0; i < chain.size();) {
    if (append(graph, chain[i], layout)) {
      ++i;
      continue;
    }
    chain.erase(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(i));
    layout = Layout(shape_of(graph, graph.node(chain[0]).inputs[0]));
    i = 0;
  }
  return layout;
}

/// How many nodes at the end of `chain` are there for its result only.
int exclusive_count(const Graph& graph, const std::vector<NodeId>& chain) {
  int count = 1;
  for (auto it = chain.rbegin(); it + 1 != chain.rend(); ++it, ++count) {
    if (!graph.has_single_user(graph.node(*it).inputs[0])) {
      break;
    }
  }
  return count;
}

/// Whether node `id` is this one step and says so in the canonical way.
bool is_reshape_to(const Graph& graph, NodeId id, const Shape& shape) {
  const Node& node = graph.node(id);
  return node.op == "Reshape" && node.attributes.entries().empty() &&
         constant_ints(graph, node.inputs[1]) == shape.extents();
}

bool is_transpose_by(const Graph& graph, NodeId id, const std::vector<int>& permutation) {
  const Node& node = graph.node(id);
  return node.op == "Transpose" && node.attributes.has("perm") &&
         ops::transpose_permutation(node.attributes, static_cast<int>(permutation.size())) ==
             permutation;
}

/// Whether `chain` is what `steps` would write.
bool is_written(const Graph& graph, const std::vector<NodeId>& chain, const Layout::Steps& steps) {
  if (static_cast<int>(chain.size()) != steps.count()) {
    return false;
  }
  auto node = chain.begin();
  return (!steps.split || is_reshape_to(graph, *node++, *steps.split)) &&
         (steps.permutation.empty() || is_transpose_by(graph, *node++, steps.permutation)) &&
         (!steps.merge || is_reshape_to(graph, *node++, *steps.merge));
}

/// Lets `last` be the last step from `value`, with the others in front of it.
void write(Graph& graph, NodeId last, ValueId value, const Layout::Steps& steps) {
  if (steps.count() == 0) {
    if (!bypass_node(graph, last, value)) {
      replace_node(graph, last, "Identity", {value}, {});
    }
    return;
  }
  const std::string name = derived_name(graph.value(graph.node(last).outputs[0]).name, kName);
  const std::vector<std::int64_t> permutation(steps.permutation.begin(), steps.permutation.end());
  const Attributes transpose{{"perm", permutation}};
  const auto shape_constant = [&](const Shape& shape) {
    return add_ints(graph, name + "/shape", shape.extents());
  };
  if (steps.split) {
    value = insert_before(graph, last, name, "Reshape", {value, shape_constant(*steps.split)}, {});
  }
  if (steps.merge) {
    if (!permutation.empty()) {
      value = insert_before(graph, last, name, "Transpose", {value}, transpose);
    }
    replace_node(graph, last, "Reshape", {value, shape_constant(*steps.merge)}, {});
  } else {
    replace_node(graph, last, "Transpose", {value}, transpose);
  }
}

/// Whether writing `steps` in the place of `chain` is worth it: fewer nodes, or as many in the
/// canonical form where nobody else reads what lies in between.
bool is_improvement(const Graph& graph,
                    const std::vector<NodeId>& chain,
                    const Layout::Steps& steps) {
  const int removed = exclusive_count(graph, chain);
  const bool is_exclusive = removed == static_cast<int>(chain.size());
  return steps.count() < removed || (steps.count() == removed && is_exclusive);
}

void merge(Graph& graph, NodeId last) {
  std::vector<NodeId> chain = layout_chain_to(graph, last);
  Layout::Steps steps = layout_of(graph, chain).steps();
  if (!is_improvement(graph, chain, steps)) {
    chain = {last};
    steps = layout_of(graph, chain).steps();
  }
  if (is_improvement(graph, chain, steps) && !is_written(graph, chain, steps)) {
    write(graph, last, graph.node(chain[0]).inputs[0], steps);
  }
}

/// Whether the next layout node takes care of `id`.
bool is_inside_chain(const Graph& graph, NodeId id) {
  const ValueId output = graph.node(id).outputs[0];
  return graph.has_single_user(output) && is_layout_node(graph, graph.users(output)[0]) &&
         graph.node(graph.users(output)[0]).inputs[0] == output;
}

}  // namespace

Graph merge_layouts(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (is_layout_node(graph, id) && !is_inside_chain(graph, id) &&
        shape_of(graph, graph.node(id).outputs[0]).num_elements() > 0) {
      merge(graph, id);
    }
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
