// The one list of operator families. Private to ops/.
//
// A family is operators whose rules differ in a name only; it has one file pair: activation.h
// (what the operators mean) and activation.cpp (its table). To add an operator see
// docs/adding-an-op.md.
#pragma once

#include <span>
#include <vector>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {

[[nodiscard]] std::span<const Operator> activation_operators();
[[nodiscard]] std::span<const Operator> arithmetic_operators();
[[nodiscard]] std::span<const Operator> attention_operators();
[[nodiscard]] std::span<const Operator> cast_operators();
[[nodiscard]] std::span<const Operator> concat_operators();
[[nodiscard]] std::span<const Operator> conv_operators();
[[nodiscard]] std::span<const Operator> cum_sum_operators();
[[nodiscard]] std::span<const Operator> depth_to_space_operators();
[[nodiscard]] std::span<const Operator> einsum_operators();
[[nodiscard]] std::span<const Operator> expand_operators();
[[nodiscard]] std::span<const Operator> gather_operators();
[[nodiscard]] std::span<const Operator> generator_operators();
[[nodiscard]] std::span<const Operator> grid_sample_operators();
[[nodiscard]] std::span<const Operator> logic_operators();
[[nodiscard]] std::span<const Operator> math_operators();
[[nodiscard]] std::span<const Operator> matmul_operators();
[[nodiscard]] std::span<const Operator> normalization_operators();
[[nodiscard]] std::span<const Operator> pad_operators();
[[nodiscard]] std::span<const Operator> pooling_operators();
[[nodiscard]] std::span<const Operator> quantization_operators();
[[nodiscard]] std::span<const Operator> reduction_operators();
[[nodiscard]] std::span<const Operator> reshape_operators();
[[nodiscard]] std::span<const Operator> resize_operators();
[[nodiscard]] std::span<const Operator> scatter_operators();
[[nodiscard]] std::span<const Operator> slice_operators();
[[nodiscard]] std::span<const Operator> softmax_operators();
[[nodiscard]] std::span<const Operator> top_k_operators();
[[nodiscard]] std::span<const Operator> transpose_operators();

/// The tables of all families.
[[nodiscard]] std::vector<std::span<const Operator>> families();

}  // namespace mtmi::ops
