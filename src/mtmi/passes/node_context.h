// What an operator's rules may ask about a node of a static graph. Private to passes/.
#pragma once

#include <optional>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/ops/operator.h"

namespace mtmi::passes {

/// Keeps types and constants of a node's inputs together with the context that looks at them.
/// Lives no longer than the graph stays unchanged.
class NodeContext {
 public:
  /// Pre: the types of all inputs of `id` are known.
  NodeContext(const Graph& graph, NodeId id);
  NodeContext(const NodeContext&) = delete;
  NodeContext& operator=(const NodeContext&) = delete;

  [[nodiscard]] const ops::InferContext& get() const noexcept { return *context_; }

  [[nodiscard]] const std::vector<std::optional<TensorType>>& types() const noexcept {
    return types_;
  }

  /// nullptr where an input is no constant.
  [[nodiscard]] const std::vector<const Tensor*>& constants() const noexcept { return constants_; }

 private:
  std::vector<std::optional<TensorType>> types_;
  std::vector<const Tensor*> constants_;
  std::optional<ops::InferContext> context_;
};

}  // namespace mtmi::passes
