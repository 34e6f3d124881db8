// The one list of what makes steps. Private to the backend.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "mtmi/backends/cpu/step.h"

namespace mtmi::cpu {

struct StepMaker {
  std::string_view op;
  /// Throws Error(InvalidModel) for attributes that no lowering makes.
  std::unique_ptr<Step> (*make)(const Graph& graph, NodeId id, Isa isa);
};

/// By the operator of the lowered node.
[[nodiscard]] std::span<const StepMaker> step_makers();

// One per operator of the lowered graph; what each computes stands in lower/operators.h.
[[nodiscard]] std::unique_ptr<Step> make_activation_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_arg_max_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_attention_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_binary_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_concat_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_conv_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_copy_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_depthwise_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_layer_norm_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_linear_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_matmul_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_pack_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_unpack_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_pool_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_resize_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_resize_labels_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_tap_conv_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_softmax_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_transpose_step(const Graph& graph, NodeId id, Isa isa);
[[nodiscard]] std::unique_ptr<Step> make_winograd_step(const Graph& graph, NodeId id, Isa isa);

}  // namespace mtmi::cpu
