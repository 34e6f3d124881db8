// Changes that passes make to a graph. Private to passes/.
//
// A value that a pass leaves as it was keeps its name; a new one is called `<old>/<pass>`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Calls `change` for each node of operator `op` that there is now, in the graph's order.
/// Pre: `change` erases no node that is still to come.
void for_each_node(Graph& graph, std::string_view op, void (*change)(Graph&, NodeId));

/// Lets `id`, which keeps its place, name and outputs, compute them by another operator.
/// Outputs beyond the first must be unused; they are dropped.
void replace_node(
    Graph& graph, NodeId id, std::string op, std::vector<ValueId> inputs, Attributes attributes);

/// Inserts a node with one output in front of `position`; returns its output, whose type is
/// inferred. Throws what ops::infer_types() throws.
ValueId insert_before(Graph& graph,
                      NodeId position,
                      std::string_view value_name,
                      std::string op,
                      std::vector<ValueId> inputs,
                      Attributes attributes);

/// Infers the types of the outputs of `id` from its inputs.
void infer_node_types(Graph& graph, NodeId id);

/// Erases `id` and lets everything that read its first output read `value`, one of its inputs.
/// Returns false, changing nothing, where another of its outputs is read, or an Identity would have
/// to stay in its place: the output is one of the graph, and `value` is an input, a constant or
/// another output of it.
bool bypass_node(Graph& graph, NodeId id, ValueId value);

/// A constant s64 vector.
ValueId add_ints(Graph& graph, std::string_view name, const std::vector<std::int64_t>& values);

/// "<old>/<pass>", or `old` where it already ends so.
[[nodiscard]] std::string derived_name(std::string_view old, std::string_view pass);

}  // namespace mtmi::passes
