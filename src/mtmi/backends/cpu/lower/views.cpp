// Nodes that change a shape and no element.
#include <unordered_set>
#include <utility>

#include "mtmi/backends/common_host/storage.h"
#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/ops/data_movement.h"

namespace mtmi::cpu {

bool is_view(std::string_view op) {
  return ops::movement_of(op) == ops::Movement::View;
}

void lower_views(Graph& graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (is_view(graph.node(id).op)) {
      graph.set_inputs(id, {graph.node(id).inputs[0]});
      graph.set_op(id, std::string(host::kViewOp), {});
    }
  }
}

void separate_outputs(Graph& graph, std::vector<ValueId> outputs) {
  const host::Storage storage(graph);
  std::unordered_set<ValueId> owned;
  for (ValueId& output : outputs) {
    const ValueId root = storage.root(output);
    if (!graph.is_input(root) && !graph.is_constant(root) && owned.insert(root).second) {
      continue;
    }
    const std::string name = graph.value(output).name;
    const ValueId copy = graph.add_value(name + "/copy", graph.type(output));
    graph.add_node(
        {.name = "", .op = "cpu.Copy", .inputs = {output}, .outputs = {copy}, .attributes = {}});
    output = copy;
  }
  graph.set_outputs(outputs);
}

}  // namespace mtmi::cpu
