// The scalar functions behind Abs, Sign, Round, Reciprocal, Clip: their definition where the C++
// library has none of that meaning.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include "mtmi/kernels/arithmetic.h"

namespace mtmi::kernels {

/// |x|; the lowest integer stays itself.
template <class T>
[[nodiscard]] T absolute(T x) noexcept {
  if constexpr (std::is_floating_point_v<T>) {
    return std::abs(x);
  } else {
    return x < T{0} ? negate(x) : x;
  }
}

/// -1, 0 or 1; a NaN stays one.
template <class T>
[[nodiscard]] T sign(T x) noexcept {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(x)) {
      return x;
    }
  }
  if constexpr (std::is_signed_v<T>) {
    if (x < T{0}) {
      return T{-1};
    }
  }
  return x > T{0} ? T{1} : T{0};
}

/// The nearest whole number, halves to the even one.
template <class T>
[[nodiscard]] T round_half_to_even(T x) noexcept {
  return std::nearbyint(x);
}

template <class T>
[[nodiscard]] T reciprocal(T x) noexcept {
  return T{1} / x;
}

/// min(max(x, low), high): `high` where they cross; a NaN stays one.
template <class T>
[[nodiscard]] T clip(T x, T low, T high) noexcept {
  const T raised = x < low ? low : x;
  return high < raised ? high : raised;
}

/// The bounds of Clip where they are left out.
template <class T>
inline constexpr T kLowest = std::is_floating_point_v<T> ? -std::numeric_limits<T>::infinity()
                                                         : std::numeric_limits<T>::lowest();
template <class T>
inline constexpr T kHighest = std::is_floating_point_v<T> ? std::numeric_limits<T>::infinity()
                                                          : std::numeric_limits<T>::max();

}  // namespace mtmi::kernels
