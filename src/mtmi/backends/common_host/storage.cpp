#include "mtmi/backends/common_host/storage.h"

namespace mtmi::host {

Storage::Storage(const Graph& graph) {
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    if (node.op == kViewOp) {
      root_.emplace(node.outputs[0], root(node.inputs[0]));
    }
  }
  for (const ValueId output : graph.outputs()) {
    outputs_.emplace(root(output), output);
  }
}

ValueId Storage::root(ValueId id) const {
  const auto it = root_.find(id);
  return it == root_.end() ? id : it->second;
}

}  // namespace mtmi::host
