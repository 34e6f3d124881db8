// How arithmetic treats one element: half-width types are computed in float and rounded once.
#pragma once

#include <type_traits>

#include "mtmi/core/half.h"
#include "mtmi/dtype.h"

namespace mtmi::kernels {

template <class T>
inline constexpr bool kIsHalf = std::is_same_v<T, Float16> || std::is_same_v<T, BFloat16>;

/// The type in which arithmetic on elements of T is done.
template <class T>
using ComputeType = std::conditional_t<kIsHalf<T>, float, T>;

template <class T>
[[nodiscard]] ComputeType<T> load(T x) noexcept {
  if constexpr (kIsHalf<T>) {
    return to_float(x);
  } else {
    return x;
  }
}

template <class T>
[[nodiscard]] T store(ComputeType<T> x) noexcept {
  if constexpr (std::is_same_v<T, Float16>) {
    return to_float16(x);
  } else if constexpr (std::is_same_v<T, BFloat16>) {
    return to_bfloat16(x);
  } else {
    return x;
  }
}

}  // namespace mtmi::kernels
