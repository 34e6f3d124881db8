// Running sums along one axis as their definition says.
//
// Floating-point types accumulate in double, integers modulo 2^64.
#pragma once

#include <cstdint>

#include "mtmi/core/axis_split.h"
#include "mtmi/kernels/reduction_ref.h"

namespace mtmi::kernels {

/// dst[o,i,k] = sum of src[o,j,k] over j <= i; over j < i if `exclusive`; over j >= i or j > i if
/// `reverse`. `dst` may be `src`.
template <class T>
void cum_sum_ref(
    const AxisSplit& split, bool exclusive, bool reverse, const T* src, T* dst) noexcept {
  const std::int64_t step = reverse ? -split.inner : split.inner;
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (std::int64_t k = 0; k < split.inner; ++k) {
      std::int64_t at = (o * split.extent + (reverse ? split.extent - 1 : 0)) * split.inner + k;
      Accumulator<T> sum = 0;
      for (std::int64_t i = 0; i < split.extent; ++i, at += step) {
        const Accumulator<T> before = sum;
        sum = add(sum, static_cast<Accumulator<T>>(load(src[at])));
        dst[at] = store<T>(static_cast<ComputeType<T>>(exclusive ? before : sum));
      }
    }
  }
}

}  // namespace mtmi::kernels
