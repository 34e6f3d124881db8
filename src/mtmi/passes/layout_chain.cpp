#include "mtmi/passes/layout_chain.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/ops/transpose.h"
#include "mtmi/passes/match.h"

namespace mtmi::passes {

bool is_layout_node(const Graph& graph, NodeId id) {
  static constexpr std::array<std::string_view, 5> kOps{
      "Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze"};
  return std::find(kOps.begin(), kOps.end(), graph.node(id).op) != kOps.end();
}

std::vector<NodeId> layout_chain_to(const Graph& graph, NodeId last) {
  std::vector<NodeId> chain{last};
  while (chain.size() < kMaxChain) {
    const auto producer = graph.producer(graph.node(chain.back()).inputs[0]);
    if (!producer || !is_layout_node(graph, *producer)) {
      break;
    }
    chain.push_back(*producer);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

bool append(const Graph& graph, NodeId id, Layout& layout) {
  const Node& node = graph.node(id);
  if (node.op != "Transpose") {
    return layout.reshape(shape_of(graph, node.outputs[0]));
  }
  const int rank = shape_of(graph, node.inputs[0]).rank();
  layout.transpose(ops::transpose_permutation(node.attributes, rank));
  return true;
}

}  // namespace mtmi::passes
