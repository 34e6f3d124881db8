#include "mtmi/core/half.h"

#include <cmath>

namespace mtmi {

float to_float(Float16 h) noexcept {
  const std::uint32_t sign = (h.bits & 0x8000U) << 16;
  const std::uint32_t exponent = (h.bits >> 10) & 0x1FU;
  const std::uint32_t mantissa = h.bits & 0x3FFU;
  if (exponent == 0) {
    // Zero or subnormal: mantissa * 2^-24 is exact in float.
    const float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
  }
  const std::uint32_t rebiased = exponent == 0x1FU ? 0xFFU : exponent + (127 - 15);
  return std::bit_cast<float>(sign | rebiased << 23 | mantissa << 13);
}

Float16 to_float16(float f) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(f);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude > 0x7F800000U) {
    return {static_cast<std::uint16_t>(sign | 0x7E00U)};
  }
  if (magnitude >= 0x477FF000U) {  // 65520 and above round to infinity
    return {static_cast<std::uint16_t>(sign | 0x7C00U)};
  }
  if (magnitude < 0x38800000U) {  // below 2^-14: subnormal, one unit is 2^-24
    const float units = std::nearbyint(std::ldexp(std::bit_cast<float>(magnitude), 24));
    return {static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(units))};
  }
  const std::uint32_t odd = (magnitude >> 13) & 1U;
  const std::uint32_t rounded = magnitude + 0xFFFU + odd;
  return {static_cast<std::uint16_t>(sign | ((rounded - (112U << 23)) >> 13))};
}

Float16 round_to_float16(double x) noexcept {
  const auto f = static_cast<float>(x);
  if (static_cast<double>(f) == x || std::isnan(x)) {
    return to_float16(f);
  }
  // To odd: towards zero, the last bit set as something was cut off, so that rounding to far fewer
  // bits comes out as if it were the only one (Boldo and Melquiond, "Emulation of FMA and correctly
  // rounded sums").
  auto bits = std::bit_cast<std::uint32_t>(f);
  if (std::fabs(static_cast<double>(f)) > std::fabs(x)) {
    --bits;
  }
  return to_float16(std::bit_cast<float>(bits | 1U));
}

}  // namespace mtmi
