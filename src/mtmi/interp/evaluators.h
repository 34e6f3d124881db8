// The tables that bind operators to reference kernels. Private to interp/.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "mtmi/graph/graph.h"
#include "mtmi/ops/operator.h"
#include "mtmi/tensor.h"

namespace mtmi::interp {

/// What an evaluator gets: the node, its actual inputs and the types of its outputs.
struct EvaluateContext {
  const Node& node;
  std::span<const Tensor* const> inputs;  ///< nullptr where left out
  std::span<const TensorType> outputs;    ///< as ops::infer_types gives them
  const ops::InferContext& known;         ///< what infer() saw: for functions both share

  [[nodiscard]] const Tensor& input(int index) const {
    return *inputs[static_cast<std::size_t>(index)];
  }

  [[nodiscard]] bool has_input(int index) const {
    return static_cast<std::size_t>(index) < inputs.size() &&
           inputs[static_cast<std::size_t>(index)] != nullptr;
  }
};

/// Binds one operator to its reference kernel. Types were checked by the operator's infer().
struct Evaluator {
  std::string_view op;
  std::vector<Tensor> (*evaluate)(const EvaluateContext& context);
};

// One table per family, as in ops/families.h.
[[nodiscard]] std::span<const Evaluator> activation_evaluators();
[[nodiscard]] std::span<const Evaluator> arithmetic_evaluators();
[[nodiscard]] std::span<const Evaluator> attention_evaluators();
[[nodiscard]] std::span<const Evaluator> cast_evaluators();
[[nodiscard]] std::span<const Evaluator> concat_evaluators();
[[nodiscard]] std::span<const Evaluator> conv_evaluators();
[[nodiscard]] std::span<const Evaluator> cum_sum_evaluators();
[[nodiscard]] std::span<const Evaluator> depth_to_space_evaluators();
[[nodiscard]] std::span<const Evaluator> einsum_evaluators();
[[nodiscard]] std::span<const Evaluator> expand_evaluators();
[[nodiscard]] std::span<const Evaluator> gather_evaluators();
[[nodiscard]] std::span<const Evaluator> generator_evaluators();
[[nodiscard]] std::span<const Evaluator> grid_sample_evaluators();
[[nodiscard]] std::span<const Evaluator> logic_evaluators();
[[nodiscard]] std::span<const Evaluator> math_evaluators();
[[nodiscard]] std::span<const Evaluator> matmul_evaluators();
[[nodiscard]] std::span<const Evaluator> normalization_evaluators();
[[nodiscard]] std::span<const Evaluator> pad_evaluators();
[[nodiscard]] std::span<const Evaluator> pooling_evaluators();
[[nodiscard]] std::span<const Evaluator> quantization_evaluators();
[[nodiscard]] std::span<const Evaluator> reduction_evaluators();
[[nodiscard]] std::span<const Evaluator> reshape_evaluators();
[[nodiscard]] std::span<const Evaluator> resize_evaluators();
[[nodiscard]] std::span<const Evaluator> scatter_evaluators();
[[nodiscard]] std::span<const Evaluator> slice_evaluators();
[[nodiscard]] std::span<const Evaluator> softmax_evaluators();
[[nodiscard]] std::span<const Evaluator> top_k_evaluators();
[[nodiscard]] std::span<const Evaluator> transpose_evaluators();

/// The tables of all families.
[[nodiscard]] std::vector<std::span<const Evaluator>> evaluator_tables();

}  // namespace mtmi::interp
