// Products with a packed matrix: matrix multiplication, and convolution as one.
#pragma once

#include <cstdint>

#include "mtmi/kernels/fast/epilogue.h"

namespace mtmi::kernels {

/// dst(y, x, n) = epilogue(sum over segments s and i < segment_length of
///     src[y * src_row + x * src_column + segments[s] + i] * weights(s * segment_length + i, n))
/// for y < rows, x < columns, n < outputs.
///
/// Channels last, so one segment is what a filter's row covers: KW * C floats that lie in a row. A
/// matrix product is rows = 1, one segment at 0. Strides and offsets count floats.
struct GemmArgs {
  const float* src = nullptr;
  std::int64_t src_row = 0;
  std::int64_t src_column = 0;
  const std::int64_t* segments = nullptr;
  std::int64_t num_segments = 1;
  std::int64_t segment_length = 0;
  const float* weights = nullptr;  ///< packed_weights.h, depth = num_segments * segment_length
  std::int64_t outputs = 0;
  float* dst = nullptr;
  std::int64_t dst_row = 0;
  std::int64_t dst_column = 0;
  std::int64_t rows = 1;
  std::int64_t columns = 0;
  Epilogue epilogue;
};

/// Sums in the order of the depth, one accumulator per output: the result does not depend on how
/// the work is cut. Pre: `dst` overlaps neither `src` nor `weights`.
using GemmFn = void (*)(const GemmArgs& args);

/// For tests: plain loops, weights as pack_weights() takes them: element (k, n) at
/// weights[k * outputs + n].
void gemm_ref(const GemmArgs& args) noexcept;

}  // namespace mtmi::kernels
