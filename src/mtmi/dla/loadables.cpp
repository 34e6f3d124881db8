#include "mtmi/dla/loadables.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <unordered_map>

#include "mtmi/core/assert.h"

namespace mtmi::dla {
namespace {

/// The parts as they grow. Nodes are numbered in the order of the graph; a part is called after one
/// of its nodes.
class Parts {
 public:
  Parts(const Graph& graph, std::span<const Support> answers) : graph_(graph) {
    const auto order = graph.order();
    part_of_.resize(order.size());
    std::iota(part_of_.begin(), part_of_.end(), std::size_t{0});
    for (std::size_t i = 0; i < order.size(); ++i) {
      index_.emplace(order[i], i);
      members_.push_back({i});
      accepted_.push_back(static_cast<bool>(answers[i]));
    }
    for (const NodeId id : order) {
      readers_.push_back(readers_of(id));
    }
  }

  void grow() {
    for (std::size_t writer = 0; writer < readers_.size(); ++writer) {
      for (const std::size_t reader : readers_[writer]) {
        if (may_share(writer, reader)) {
          join(part_of_[writer], part_of_[reader]);
        }
      }
    }
  }

  [[nodiscard]] Partition result() const {
    Partition partition;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const std::vector<std::size_t>& part = members_[part_of_[i]];
      if (part.front() != i) {
        continue;  // listed with its first node
      }
      auto& list = accepted_[i] ? partition.loadables : partition.fallbacks;
      list.emplace_back();
      for (const std::size_t member : part) {
        list.back().push_back(graph_.order()[member]);
      }
    }
    return partition;
  }

 private:
  [[nodiscard]] std::vector<std::size_t> readers_of(NodeId id) const {
    std::vector<std::size_t> readers;
    for (const ValueId output : graph_.node(id).outputs) {
      if (output == kNoValue) {
        continue;
      }
      for (const NodeId user : graph_.users(output)) {
        readers.push_back(index_.at(user));
      }
    }
    std::sort(readers.begin(), readers.end());  // users come in no particular order
    return readers;
  }

  [[nodiscard]] std::int64_t batch(std::size_t node) const {
    return graph_.type(graph_.node(graph_.order()[node]).outputs.front()).shape[0];
  }

  [[nodiscard]] bool may_share(std::size_t one, std::size_t other) const {
    return accepted_[one] == accepted_[other] && (!accepted_[one] || batch(one) == batch(other));
  }

  /// Whether a way leads out of the two parts, through others, and back: they could not run as one.
  [[nodiscard]] bool would_wait_for_itself(std::size_t one, std::size_t other) const {
    std::vector<bool> seen(members_.size(), false);
    std::vector<std::size_t> todo{one, other};
    while (!todo.empty()) {
      const std::size_t part = todo.back();
      todo.pop_back();
      const bool inside = part == one || part == other;
      for (const std::size_t member : members_[part]) {
        for (const std::size_t reader : readers_[member]) {
          const std::size_t next = part_of_[reader];
          if (next == one || next == other) {
            if (!inside) {
              return true;
            }
          } else if (!seen[next]) {
            seen[next] = true;
            todo.push_back(next);
          }
        }
      }
    }
    return false;
  }

  void join(std::size_t one, std::size_t other) {
    if (one == other || would_wait_for_itself(one, other)) {
      return;
    }
    for (const std::size_t member : members_[other]) {
      part_of_[member] = one;
    }
    std::vector<std::size_t>& all = members_[one];
    const auto middle = all.insert(all.end(), members_[other].begin(), members_[other].end());
    std::inplace_merge(all.begin(), middle, all.end());
    members_[other].clear();
  }

  const Graph& graph_;
  std::unordered_map<NodeId, std::size_t> index_;
  std::vector<std::size_t> part_of_;
  std::vector<std::vector<std::size_t>> members_;  // of each part, sorted; empty: joined to another
  std::vector<std::vector<std::size_t>> readers_;  // of each node's outputs
  std::vector<bool> accepted_;
};

}  // namespace

Partition partition(const Graph& graph, std::span<const Support> answers) {
  MTMI_ASSERT(answers.size() == graph.order().size());
  Parts parts(graph, answers);
  parts.grow();
  return parts.result();
}

}  // namespace mtmi::dla
