// The scalar functions behind Add, Sub, Mul, Div, Pow, Mod, Min and Max: their definition.
//
// Integers wrap around (two's complement) and never trap: x / 0 and x mod 0 are 0, and the lowest
// integer divided by -1 is itself. ONNX leaves these cases open. NaN wins in min and max, as in
// numpy.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace mtmi::kernels {

namespace detail {

/// Wide enough that the product of two narrow integers cannot overflow; unsigned, so that it wraps.
template <std::integral T>
using Wrapping = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

}  // namespace detail

template <class T>
[[nodiscard]] T add(T a, T b) noexcept {
  if constexpr (std::is_integral_v<T>) {
    using U = detail::Wrapping<T>;
    return static_cast<T>(static_cast<U>(a) + static_cast<U>(b));
  } else {
    return a + b;
  }
}

template <class T>
[[nodiscard]] T subtract(T a, T b) noexcept {
  if constexpr (std::is_integral_v<T>) {
    using U = detail::Wrapping<T>;
    return static_cast<T>(static_cast<U>(a) - static_cast<U>(b));
  } else {
    return a - b;
  }
}

template <class T>
[[nodiscard]] T multiply(T a, T b) noexcept {
  if constexpr (std::is_integral_v<T>) {
    using U = detail::Wrapping<T>;
    return static_cast<T>(static_cast<U>(a) * static_cast<U>(b));
  } else {
    return a * b;
  }
}

/// -x; the lowest integer stays itself.
template <class T>
[[nodiscard]] T negate(T x) noexcept {
  if constexpr (std::is_integral_v<T>) {
    return subtract(T{0}, x);
  } else {
    return -x;
  }
}

/// a / b; integers are truncated towards zero.
template <class T>
[[nodiscard]] T divide(T a, T b) noexcept {
  if constexpr (std::is_integral_v<T>) {
    if (b == 0) {
      return 0;
    }
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) {
        return negate(a);
      }
    }
    return static_cast<T>(a / b);
  } else {
    return a / b;
  }
}

/// a - b * trunc(a / b): the result has the sign of `a` (C's fmod).
template <class T>
[[nodiscard]] T truncated_modulo(T a, T b) noexcept {
  if constexpr (std::is_integral_v<T>) {
    return subtract(a, b == 0 ? a : multiply(divide(a, b), b));
  } else {
    return std::fmod(a, b);
  }
}

/// a - b * floor(a / b): the result has the sign of `b` (Python's %).
template <class T>
[[nodiscard]] T floored_modulo(T a, T b) noexcept {
  const T rest = truncated_modulo(a, b);
  if constexpr (std::is_signed_v<T>) {
    return rest != T{0} && (rest < T{0}) != (b < T{0}) ? add(rest, b) : rest;
  } else {
    return rest;
  }
}

/// base^exponent, wrapping. A negative exponent gives 1 / base^-exponent truncated: 0 but for bases
/// 1 and -1.
template <std::integral T>
[[nodiscard]] T power(T base, std::int64_t exponent) noexcept {
  if (exponent < 0) {
    if constexpr (std::is_signed_v<T>) {
      if (base == -1) {
        return exponent % 2 == 0 ? T{1} : T{-1};
      }
    }
    return base == 1 ? T{1} : T{0};
  }
  T result = 1;
  for (T square = base; exponent != 0; exponent /= 2) {
    if (exponent % 2 != 0) {
      result = multiply(result, square);
    }
    square = multiply(square, square);
  }
  return result;
}

/// base^exponent. Squares, which exporters write as Pow, are one product.
template <std::floating_point T>
[[nodiscard]] T power(T base, T exponent) noexcept {
  return exponent == T{2} ? base * base : std::pow(base, exponent);
}

template <class T>
[[nodiscard]] T minimum(T a, T b) noexcept {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) {
      return a + b;
    }
  }
  return b < a ? b : a;
}

template <class T>
[[nodiscard]] T maximum(T a, T b) noexcept {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) {
      return a + b;
    }
  }
  return a < b ? b : a;
}

}  // namespace mtmi::kernels
