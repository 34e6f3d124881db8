// Matrices of 32-bit elements, transposed.
#pragma once

#include <cstdint>

namespace mtmi::kernels {

/// dst[c * dst_stride + r] = src[r * src_stride + c] for r < rows, c < columns. Strides in
/// elements.
///
/// Goes in squares of a line's length, each line of which is read as a whole: lines that lie a
/// power of two apart drive each other out of the cache. `src` and `dst` do not overlap.
void transpose(const float* src,
               std::int64_t src_stride,
               std::int64_t rows,
               std::int64_t columns,
               float* dst,
               std::int64_t dst_stride) noexcept;
void transpose(const std::uint32_t* src,
               std::int64_t src_stride,
               std::int64_t rows,
               std::int64_t columns,
               std::uint32_t* dst,
               std::int64_t dst_stride) noexcept;

}  // namespace mtmi::kernels
