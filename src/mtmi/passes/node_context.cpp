#include "mtmi/passes/node_context.h"

#include "mtmi/passes/match.h"

namespace mtmi::passes {

NodeContext::NodeContext(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  for (const ValueId input : node.inputs) {
    types_.push_back(input == kNoValue ? std::nullopt : std::optional(graph.type(input)));
    constants_.push_back(constant_of(graph, input));
  }
  context_.emplace(node, types_, constants_);
}

}  // namespace mtmi::passes
