// Products with a packed matrix: matrix multiplication, and convolution as one.
#pragma once

#include <cstdint>

#include "mtmi/dtype.h"
#include "mtmi/kernels/fast/epilogue.h"

namespace mtmi::kernels {

/// dst(y, x, n) = epilogue(sum over segments s and i < segment_length of
///     src[y * src_row + x * src_column + segments[s] + i] * weights(s * segment_length + i, n))
/// for y < rows, x < columns, n < outputs; operands are of type T, sums are float32.
///
/// Channels last, so one segment is what a filter's row covers: KW * C elements that lie in a row.
/// A matrix product is rows = 1, one segment at 0. Strides and offsets count elements.
template <class T>
struct GemmArgsOf {
  const T* src = nullptr;
  std::int64_t src_row = 0;
  std::int64_t src_column = 0;
  const std::int64_t* segments = nullptr;
  std::int64_t num_segments = 1;
  std::int64_t segment_length = 0;
  /// Of floats: packed_weights.h, depth = num_segments * segment_length. Of bfloat16:
  /// packed_pairs.h.
  const T* weights = nullptr;
  std::int64_t outputs = 0;
  float* dst = nullptr;
  std::int64_t dst_row = 0;
  std::int64_t dst_column = 0;
  std::int64_t rows = 1;
  std::int64_t columns = 0;
  Epilogue epilogue;
};

using GemmArgs = GemmArgsOf<float>;
using GemmBf16Args = GemmArgsOf<BFloat16>;

/// Sums in the order of the depth, one accumulator per output: the result does not depend on how
/// the work is cut. Pre: `dst` overlaps neither `src` nor `weights`.
using GemmFn = void (*)(const GemmArgs& args);

/// Sums in an order of the instruction set's own, in which every product has its place: the result
/// does not depend on how the work is cut. Pre: as above.
using GemmBf16Fn = void (*)(const GemmBf16Args& args);

/// For tests: plain loops in double, weights not packed: element (k, n) at weights[k * outputs +
/// n].
void gemm_ref(const GemmArgs& args) noexcept;
void gemm_ref(const GemmBf16Args& args) noexcept;

/// dst[i] = src[i], rounded to nearest, ties to even. Below 2^-126 instructions may give 0.
using RoundBf16Fn = void (*)(const float* src, BFloat16* dst, std::int64_t n);

}  // namespace mtmi::kernels
