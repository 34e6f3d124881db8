// The conversion of one element behind Cast: its definition.
//
//   to bool             whether x is not 0 (true for NaN)
//   float to integer    truncated towards zero, clamped to the type's range; NaN gives 0
//   integer to integer  the low bits (two's complement)
//   to float            rounded once, half to even; what is too large becomes infinite
//
// ONNX leaves floats out of the integer's range open.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "mtmi/kernels/element.h"
#include "mtmi/kernels/saturate.h"

namespace mtmi::kernels {

namespace detail {

/// `x` as a float that rounds on to a half-width type as `x` itself would: what does not fit is cut
/// off and noted in the last bit ("round to odd").
[[nodiscard]] inline float to_float_odd(double x) noexcept {
  const auto nearest = static_cast<float>(x);
  if (static_cast<double>(nearest) == x || std::isnan(x)) {
    return nearest;
  }
  const bool beyond = std::abs(static_cast<double>(nearest)) > std::abs(x);
  const float cut = beyond ? std::nextafter(nearest, 0.0F) : nearest;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(cut) | 1U);
}

}  // namespace detail

template <class To, class From>
[[nodiscard]] To cast(From from) noexcept {
  const auto x = load(from);
  using Source = ComputeType<From>;
  if constexpr (std::is_same_v<To, bool>) {
    return x != Source{0};
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<Source>) {
    return saturate<To>(x);
  } else if constexpr (kIsHalf<To> && !std::is_same_v<Source, float>) {
    return store<To>(detail::to_float_odd(static_cast<double>(x)));
  } else {
    return store<To>(static_cast<ComputeType<To>>(x));
  }
}

}  // namespace mtmi::kernels
