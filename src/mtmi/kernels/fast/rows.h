// Functions of rows of floats: element by element, and over the whole of a row.
#pragma once

#include <cstdint>

#include "mtmi/kernels/fast/epilogue.h"

namespace mtmi::kernels {

/// dst[i] = f(src[i]); `src` may be `dst`.
using ActivateFn = void (*)(const ActivationSpec& f, const float* src, float* dst, std::int64_t n);
void activate_ref(const ActivationSpec& f, const float* src, float* dst, std::int64_t n) noexcept;

enum class BinaryOp : std::uint8_t { Add, Sub, Mul, Div, Min, Max };

/// Which operand is one number for the whole row.
enum class BinaryForm : std::uint8_t { Rows, FirstIsScalar, SecondIsScalar };

/// dst[i] = a[i] op b[i]; `a` or `b` may be `dst`.
using BinaryFn = void (*)(
    BinaryOp op, BinaryForm form, const float* a, const float* b, float* dst, std::int64_t n);
void binary_ref(BinaryOp op,
                BinaryForm form,
                const float* a,
                const float* b,
                float* dst,
                std::int64_t n) noexcept;

/// For each row: (x - mean) / sqrt(variance + epsilon) * gamma + beta. Rows lie one after the
/// other. `gamma`, `beta`: one per column, or nullptr for 1 and 0. `src` may be `dst`.
struct LayerNormArgs {
  const float* src = nullptr;
  float* dst = nullptr;
  std::int64_t rows = 0;
  std::int64_t width = 0;
  const float* gamma = nullptr;
  const float* beta = nullptr;
  float epsilon = 0.0F;
};

using LayerNormFn = void (*)(const LayerNormArgs& args);
void layer_norm_ref(const LayerNormArgs& args) noexcept;

/// For each row: e^(x - max) / sum, or with `reciprocal_sums` e^(x - max) alone and 1 / sum there.
/// Rows are `stride` floats apart. In place.
struct SoftmaxArgs {
  float* data = nullptr;
  std::int64_t rows = 0;
  std::int64_t width = 0;
  std::int64_t stride = 0;
  float* reciprocal_sums = nullptr;
};

using SoftmaxFn = void (*)(const SoftmaxArgs& args);
void softmax_ref(const SoftmaxArgs& args) noexcept;

}  // namespace mtmi::kernels
