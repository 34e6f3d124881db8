#include "mtmi/backends/common_int8/support.h"

#include <unordered_set>

#include "mtmi/dla/fused_layers.h"
#include "mtmi/dla/precision_plan.h"

namespace mtmi::int8 {
namespace {

bool is_function(const std::string& op) {
  return op == "Sigmoid" || op == "Tanh" || op == "Softmax";
}

}  // namespace

std::vector<Support> support(const Graph& graph) {
  std::unordered_set<NodeId> refused;
  for (const dla::FusedLayer& layer : dla::fuse_layers(graph)) {
    const NodeId first = layer.nodes.front();
    if (!dla::has_int8_arithmetic(graph, first) && !is_function(graph.node(first).op)) {
      refused.insert(layer.nodes.begin(), layer.nodes.end());
    }
  }
  std::vector<Support> answers;
  for (const NodeId id : graph.order()) {
    answers.push_back(
        refused.contains(id)
            ? Support::no("int8.arithmetic",
                          describe_node(graph, id) +
                              ": got an operator, shape or parameter without INT8 arithmetic, "
                              "expected what a convolutional head is made of",
                          "build the part with --precision f32, or rewrite it with `mtmi simplify "
                          "--for dla`")
            : Support::yes());
  }
  return answers;
}

}  // namespace mtmi::int8
