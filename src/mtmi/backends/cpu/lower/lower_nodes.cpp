#include "mtmi/backends/cpu/lower/lower_nodes.h"

#include <unordered_map>

#include "mtmi/backends/cpu/lower/passes.h"

namespace mtmi::cpu {
namespace {

const NodeLowering* find_lowering(std::string_view op) {
  static const auto by_op = [] {
    std::unordered_map<std::string_view, const NodeLowering*> map;
    for (const auto table : {convolution_lowerings(),
                             product_lowerings(),
                             elementwise_lowerings(),
                             quantization_lowerings(),
                             row_lowerings(),
                             spatial_lowerings()}) {
      for (const NodeLowering& lowering : table) {
        map.emplace(lowering.op, &lowering);
      }
    }
    return map;
  }();
  const auto it = by_op.find(op);
  return it == by_op.end() ? nullptr : it->second;
}

}  // namespace

bool has_lowering(std::string_view op) {
  return find_lowering(op) != nullptr;
}

void lower_nodes(Graph& graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (const NodeLowering* lowering = find_lowering(graph.node(id).op)) {
      Rewriter rewriter(graph, id);
      lowering->run(rewriter);
    }
  }
}

}  // namespace mtmi::cpu
