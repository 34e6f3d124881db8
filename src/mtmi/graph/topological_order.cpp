#include "mtmi/graph/topological_order.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <queue>
#include <span>
#include <unordered_map>

#include "mtmi/error.h"

namespace mtmi {
namespace {

/// How many inputs of the node other nodes make.
std::size_t count_made_inputs(const Graph& graph, NodeId id) {
  const std::vector<ValueId>& inputs = graph.node(id).inputs;
  return static_cast<std::size_t>(
      std::count_if(inputs.begin(), inputs.end(), [&graph](ValueId input) {
        return input != kNoValue && graph.producer(input).has_value();
      }));
}

}  // namespace

std::vector<NodeId> topological_order(const Graph& graph) {
  const std::span<const NodeId> old = graph.order();
  std::unordered_map<NodeId, std::size_t> position;
  std::vector<std::size_t> missing;  // by position: inputs that are still to be made
  // Of nodes that miss nothing, the first in the old order is taken.
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < old.size(); ++i) {
    position.emplace(old[i], i);
    missing.push_back(count_made_inputs(graph, old[i]));
    if (missing.back() == 0) {
      ready.push(i);
    }
  }
  std::vector<NodeId> sorted;
  while (!ready.empty()) {
    sorted.push_back(old[ready.top()]);
    ready.pop();
    for (const ValueId output : graph.node(sorted.back()).outputs) {
      if (output == kNoValue) {
        continue;
      }
      for (const NodeId user : graph.users(output)) {
        const std::size_t at = position.at(user);
        if (--missing[at] == 0) {
          ready.push(at);
        }
      }
    }
  }
  if (sorted.size() != old.size()) {
    const auto stuck =
        std::find_if(missing.begin(), missing.end(), [](std::size_t count) { return count > 0; });
    throw Error(ErrorCode::InvalidModel,
                "graph::topological_order",
                describe_node(graph, old[static_cast<std::size_t>(stuck - missing.begin())]) +
                    " depends on its own output (a cycle)");
  }
  return sorted;
}

}  // namespace mtmi
