#include "mtmi/split/reach.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mtmi::split {

Reach::Reach(const Graph& graph, std::vector<ValueId> outputs) : outputs_(std::move(outputs)) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    std::vector<bool> mask(outputs_.size(), false);
    for (const ValueId made : graph.node(*it).outputs) {
      if (made == kNoValue) {
        continue;
      }
      for (std::size_t i = 0; i < outputs_.size(); ++i) {
        mask[i] = mask[i] || outputs_[i] == made;
      }
      for (const NodeId user : graph.users(made)) {
        const std::vector<bool>& theirs = behind_.at(user);
        for (std::size_t i = 0; i < mask.size(); ++i) {
          mask[i] = mask[i] || theirs[i];
        }
      }
    }
    behind_.emplace(*it, std::move(mask));
  }
  for (const NodeId id : order) {
    const std::vector<ValueId>& inputs = graph.node(id).inputs;
    if (std::any_of(inputs.begin(), inputs.end(), [&](ValueId input) {
          const auto producer = input == kNoValue ? std::nullopt : graph.producer(input);
          return input != kNoValue &&
                 (graph.is_input(input) || (producer && dependent_.contains(*producer)));
        })) {
      dependent_.insert(id);
    }
  }
}

std::vector<std::size_t> Reach::outputs_behind(NodeId id) const {
  const std::vector<bool>& mask = behind_.at(id);
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i]) {
      positions.push_back(i);
    }
  }
  return positions;
}

std::size_t Reach::count(NodeId id) const {
  const std::vector<bool>& mask = behind_.at(id);
  return static_cast<std::size_t>(std::count(mask.begin(), mask.end(), true));
}

OutputGroups::OutputGroups(std::size_t num_outputs) : leader_(num_outputs) {
  std::iota(leader_.begin(), leader_.end(), std::size_t{0});
}

void OutputGroups::join(const std::vector<std::size_t>& outputs) {
  if (outputs.empty()) {
    return;
  }
  std::size_t lowest = leader_[outputs.front()];
  for (const std::size_t output : outputs) {
    lowest = std::min(lowest, leader_[output]);
  }
  std::vector<bool> merged(leader_.size(), false);
  for (const std::size_t output : outputs) {
    merged[leader_[output]] = true;
  }
  for (std::size_t& leader : leader_) {
    leader = merged[leader] ? lowest : leader;
  }
}

std::size_t OutputGroups::count() const {
  std::size_t groups = 0;
  for (std::size_t i = 0; i < leader_.size(); ++i) {
    groups += leader_[i] == i ? 1U : 0U;
  }
  return groups;
}

std::size_t OutputGroups::leader(std::size_t output) const {
  return leader_[output];
}

}  // namespace mtmi::split
