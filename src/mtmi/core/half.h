// float to and from binary16 and bfloat16, rounding half to even.
#pragma once

#include <bit>
#include <cstdint>

#include "mtmi/dtype.h"

namespace mtmi {

/// The largest finite binary16.
inline constexpr float kLargestFloat16 = 65504.0F;

[[nodiscard]] float to_float(Float16 h) noexcept;
[[nodiscard]] Float16 to_float16(float f) noexcept;
/// Rounded once, where to_float16() of a float would round twice.
[[nodiscard]] Float16 round_to_float16(double x) noexcept;

[[nodiscard]] inline float to_float(BFloat16 b) noexcept {
  return std::bit_cast<float>(static_cast<std::uint32_t>(b.bits) << 16);
}

[[nodiscard]] inline BFloat16 to_bfloat16(float f) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(f);
  if ((bits & 0x7FFFFFFFU) > 0x7F800000U) {
    return {static_cast<std::uint16_t>((bits >> 16) | 0x40U)};
  }
  const std::uint32_t odd = (bits >> 16) & 1U;
  return {static_cast<std::uint16_t>((bits + 0x7FFFU + odd) >> 16)};
}

}  // namespace mtmi
