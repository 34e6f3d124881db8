// From double to the type of an element, without undefined behaviour for any value.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

namespace mtmi::kernels {

/// `x` as T: integers are truncated towards zero and clamped to the range of T, NaN becomes 0;
/// floating-point types are rounded to nearest.
template <class T>
[[nodiscard]] T saturate(double x) noexcept {
  if constexpr (std::is_integral_v<T>) {
    // 2^63 has no exact predecessor in double, hence >= and not >.
    if (x >= static_cast<double>(std::numeric_limits<T>::max())) {
      return std::numeric_limits<T>::max();
    }
    if (x <= static_cast<double>(std::numeric_limits<T>::min())) {
      return std::numeric_limits<T>::min();
    }
    return std::isnan(x) ? T{0} : static_cast<T>(x);
  } else {
    return static_cast<T>(x);
  }
}

/// saturate() of `x` rounded half to even.
template <class T>
[[nodiscard]] T saturate_rounded(double x) noexcept {
  return saturate<T>(std::is_integral_v<T> ? std::nearbyint(x) : x);
}

}  // namespace mtmi::kernels
