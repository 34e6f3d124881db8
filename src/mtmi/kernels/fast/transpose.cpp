#include "mtmi/kernels/fast/transpose.h"

#include <algorithm>
#include <cstring>

namespace mtmi::kernels {
namespace {

using Four = std::uint32_t __attribute__((vector_size(16)));

constexpr std::int64_t kSquare = 16;  // elements of a cache line

template <class T>
Four load(const T* from) {
  Four four;
  std::memcpy(&four, from, sizeof(four));
  return four;
}

template <class T>
void store(T* to, Four four) {
  std::memcpy(to, &four, sizeof(four));
}

template <class T>
void transpose_4x4(const T* src, std::int64_t src_stride, T* dst, std::int64_t dst_stride) {
  const Four a = load(src);
  const Four b = load(src + src_stride);
  const Four c = load(src + 2 * src_stride);
  const Four d = load(src + 3 * src_stride);
  const Four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  store(dst, __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5));
  store(dst + dst_stride, __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7));
  store(dst + 2 * dst_stride, __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5));
  store(dst + 3 * dst_stride, __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7));
}

template <class T>
void transpose_square(const T* src, std::int64_t src_stride, T* dst, std::int64_t dst_stride) {
  T square[kSquare * kSquare];
  for (std::int64_t r = 0; r < kSquare; ++r) {
    std::memcpy(square + r * kSquare, src + r * src_stride, sizeof(T) * kSquare);
  }
  for (std::int64_t c = 0; c < kSquare; c += 4) {
    for (std::int64_t r = 0; r < kSquare; r += 4) {
      transpose_4x4(square + r * kSquare + c, kSquare, dst + c * dst_stride + r, dst_stride);
    }
  }
}

template <class T>
void transpose_matrix(const T* src,
                      std::int64_t src_stride,
                      std::int64_t rows,
                      std::int64_t columns,
                      T* dst,
                      std::int64_t dst_stride) {
  for (std::int64_t r0 = 0; r0 < rows; r0 += kSquare) {
    for (std::int64_t c0 = 0; c0 < columns; c0 += kSquare) {
      const T* from = src + r0 * src_stride + c0;
      T* to = dst + c0 * dst_stride + r0;
      const std::int64_t height = std::min(kSquare, rows - r0);
      const std::int64_t width = std::min(kSquare, columns - c0);
      if (height == kSquare && width == kSquare) {
        transpose_square(from, src_stride, to, dst_stride);
        continue;
      }
      for (std::int64_t c = 0; c < width; ++c) {
        for (std::int64_t r = 0; r < height; ++r) {
          to[c * dst_stride + r] = from[r * src_stride + c];
        }
      }
    }
  }
}

}  // namespace

void transpose(const float* src,
               std::int64_t src_stride,
               std::int64_t rows,
               std::int64_t columns,
               float* dst,
               std::int64_t dst_stride) noexcept {
  transpose_matrix(src, src_stride, rows, columns, dst, dst_stride);
}

void transpose(const std::uint32_t* src,
               std::int64_t src_stride,
               std::int64_t rows,
               std::int64_t columns,
               std::uint32_t* dst,
               std::int64_t dst_stride) noexcept {
  transpose_matrix(src, src_stride, rows, columns, dst, dst_stride);
}

}  // namespace mtmi::kernels
