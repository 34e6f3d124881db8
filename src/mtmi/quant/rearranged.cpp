#include "mtmi/quant/rearranged.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "mtmi/quant/graph_hash.h"

namespace mtmi::quant {
namespace {

/// The inputs whose elements the node's one output is made of, each of them once; none for
/// operators that compute.
std::vector<ValueId> moved_inputs(const Node& node) {
  static constexpr std::array<std::string_view, 8> kMoveFirst{"DepthToSpace",
                                                              "Flatten",
                                                              "Identity",
                                                              "Reshape",
                                                              "SpaceToDepth",
                                                              "Squeeze",
                                                              "Transpose",
                                                              "Unsqueeze"};
  if (node.op == "Concat") {
    return node.inputs;
  }
  const bool moves = std::find(kMoveFirst.begin(), kMoveFirst.end(), node.op) != kMoveFirst.end();
  return moves ? std::vector{node.inputs.front()} : std::vector<ValueId>{};
}

}  // namespace

std::map<std::string, Sources> find_rearranged(const Graph& graph) {
  const std::vector<ValueId> counted = activations(graph);
  const std::set<ValueId> is_counted(counted.begin(), counted.end());
  std::map<std::string, Sources> rearranged;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    const std::vector<ValueId> inputs = moved_inputs(node);
    const bool all_counted = !inputs.empty() && is_counted.contains(node.outputs.front()) &&
                             std::all_of(inputs.begin(), inputs.end(), [&](ValueId input) {
                               return is_counted.contains(input);
                             });
    if (!all_counted) {
      continue;
    }
    Sources sources;
    for (const ValueId input : inputs) {
      const std::string& name = graph.value(input).name;
      const auto it = rearranged.find(name);
      const Sources through = it == rearranged.end() ? Sources{name} : it->second;
      sources.insert(sources.end(), through.begin(), through.end());
    }
    rearranged.emplace(graph.value(node.outputs.front()).name, std::move(sources));
  }
  return rearranged;
}

void add_rearranged(Observations& seen, const Graph& graph) {
  for (const auto& [name, sources] : find_rearranged(graph)) {
    const bool all_seen = std::all_of(sources.begin(), sources.end(), [&](const auto& source) {
      return seen.tensors.contains(source);
    });
    if (!all_seen || seen.tensors.contains(name)) {
      continue;
    }
    Histogram sum;
    for (const std::string& source : sources) {
      sum.merge(seen.tensors.find(source)->second);
    }
    seen.tensors.emplace(name, std::move(sum));
  }
}

}  // namespace mtmi::quant
