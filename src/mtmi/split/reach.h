// Which outputs each node of a graph is needed for.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::split {

/// For every node the outputs, by position in `outputs`, that are computed from it.
class Reach {
 public:
  /// Keeps a reference to `graph`.
  Reach(const Graph& graph, std::vector<ValueId> outputs);

  [[nodiscard]] const std::vector<ValueId>& outputs() const noexcept { return outputs_; }

  /// Positions in outputs(), ascending.
  [[nodiscard]] std::vector<std::size_t> outputs_behind(NodeId id) const;
  [[nodiscard]] std::size_t count(NodeId id) const;

  /// False for nodes that compute from constants alone.
  [[nodiscard]] bool depends_on_inputs(NodeId id) const { return dependent_.contains(id); }

 private:
  std::vector<ValueId> outputs_;
  std::unordered_map<NodeId, std::vector<bool>> behind_;
  std::unordered_set<NodeId> dependent_;
};

/// A partition of the outputs 0 .. n-1 into groups.
class OutputGroups {
 public:
  explicit OutputGroups(std::size_t num_outputs);

  /// Puts all of `outputs` into one group.
  void join(const std::vector<std::size_t>& outputs);
  [[nodiscard]] std::size_t count() const;
  /// The smallest member of the group that `output` is in.
  [[nodiscard]] std::size_t leader(std::size_t output) const;

 private:
  std::vector<std::size_t> leader_;
};

}  // namespace mtmi::split
