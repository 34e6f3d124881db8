// Replaces one node by others. Private to lower/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::cpu {

/// Puts nodes in the place of one that has a single output.
class Rewriter {
 public:
  Rewriter(Graph& graph, NodeId at) : graph_(graph), at_(at) {}

  [[nodiscard]] Graph& graph() const noexcept { return graph_; }

  [[nodiscard]] const Node& node() const { return graph_.node(at_); }

  [[nodiscard]] ValueId input(std::size_t index) const {
    return index < node().inputs.size() ? node().inputs[index] : kNoValue;
  }

  [[nodiscard]] Shape shape(ValueId id) const { return *graph_.value(id).shape; }

  [[nodiscard]] DType dtype(ValueId id) const { return *graph_.value(id).dtype; }

  /// The constant behind an input, or nothing.
  [[nodiscard]] std::optional<Tensor> constant(std::size_t index) const;

  /// A new node in front of the one to replace; its one output.
  ValueId emit(std::string op,
               std::vector<ValueId> inputs,
               TensorType type,
               Attributes attributes = {});
  ValueId transpose(ValueId x, const std::vector<std::int64_t>& perm);
  ValueId view(ValueId x, Shape shape);
  ValueId add_constant(std::string_view role, Tensor tensor);

  /// Erases the node and lets everything read `value` in the place of its output.
  void finish(ValueId value);

 private:
  Graph& graph_;
  NodeId at_;
};

[[nodiscard]] Shape permuted(const Shape& shape, const std::vector<std::int64_t>& perm);
[[nodiscard]] std::vector<std::int64_t> inverse(const std::vector<std::int64_t>& perm);

}  // namespace mtmi::cpu
