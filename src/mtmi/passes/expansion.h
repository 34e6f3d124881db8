// One node written out as several. Private to passes/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Writes nodes in front of a node, which ends as the last of them and keeps its name and result.
class Expansion {
 public:
  /// New values are called "<result>/<pass>".
  Expansion(Graph& graph, NodeId root, std::string_view pass);

  /// Input `index` of the node as it was; kNoValue where it was left out.
  [[nodiscard]] ValueId input(std::size_t index) const;

  /// A float32 constant of one element.
  ValueId number(float value);
  /// A constant s64 vector.
  ValueId ints(const std::vector<std::int64_t>& values);
  ValueId constant(Tensor tensor);
  /// The result of a new node.
  ValueId add(std::string op, std::vector<ValueId> inputs, Attributes attributes = {});
  /// The last node. Pre: it gives the type of the result.
  void finish(std::string op, std::vector<ValueId> inputs, Attributes attributes = {});
  /// The node that add() wrote for `value` is the last. Pre: nothing reads `value`.
  void finish(ValueId value);

 private:
  Graph& graph_;
  NodeId root_;
  std::vector<ValueId> inputs_;
  std::string name_;
};

}  // namespace mtmi::passes
