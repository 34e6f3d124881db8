// A node as the rules look at it. Private to dla/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/device/support.h"
#include "mtmi/dla/rules.h"
#include "mtmi/graph/graph.h"
#include "mtmi/ops/operator.h"

namespace mtmi::dla {

/// One node with the types and constants of its inputs, and what it is to be compiled for. Lives no
/// longer than the graph stays unchanged.
class Layer {
 public:
  /// Pre: the types of all inputs and outputs of `id` are known.
  Layer(const Graph& graph, NodeId id, const CheckOptions& options);
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  [[nodiscard]] const Graph& graph() const noexcept { return graph_; }

  [[nodiscard]] const Node& node() const noexcept { return node_; }

  [[nodiscard]] const Attributes& attributes() const noexcept { return node_.attributes; }

  [[nodiscard]] const CheckOptions& options() const noexcept { return options_; }

  [[nodiscard]] const ops::InferContext& context() const noexcept { return *context_; }

  [[nodiscard]] std::size_t num_inputs() const noexcept { return node_.inputs.size(); }

  [[nodiscard]] bool has_input(std::size_t index) const;
  /// Pre: has_input(index).
  [[nodiscard]] const Shape& src(std::size_t index = 0) const;
  [[nodiscard]] Shape dst() const;
  /// The value of an input where it is a constant; nullptr otherwise.
  [[nodiscard]] const Tensor* constant(std::size_t index) const;

 private:
  const Graph& graph_;
  const Node& node_;
  const CheckOptions& options_;
  std::vector<std::optional<TensorType>> types_;
  std::vector<const Tensor*> constants_;
  std::optional<ops::InferContext> context_;
};

/// A limit, inclusive at both ends.
struct Limits {
  std::int64_t min = 0;
  std::int64_t max = 0;

  [[nodiscard]] bool contains(std::int64_t value) const noexcept {
    return min <= value && value <= max;
  }
};

/// "stride 9 of axis 2, expected 1 to 8"
[[nodiscard]] std::string outside(const std::string& what, std::int64_t got, Limits limits);

/// Most positions along an axis, most channels. TensorRT developer guide, DLA general restrictions.
inline constexpr std::int64_t kMaxExtent = 8192;
inline constexpr std::int64_t kMaxBatch = 4096;

}  // namespace mtmi::dla
