// Functions that give the same bits on every machine: only + - * / and sqrt, which IEEE 754 fixes.
// Nothing that reaches a pixel of a scene may call the C library's versions.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "mtmi/scenes/lanes.h"

namespace mtmi::scenes {

inline constexpr float kPi = 3.14159265358979F;

/// The largest integer <= x. Pre: |x| < 2^31.
[[nodiscard]] constexpr std::int32_t floor_int(float x) noexcept {
  const auto truncated = static_cast<std::int32_t>(x);
  return truncated - (static_cast<float>(truncated) > x ? 1 : 0);
}

[[nodiscard]] inline Ints floor_int(Floats x) noexcept {
  const Ints whole = truncated(x);
  return select(floats_of(whole) > x, whole - 1, whole);
}

[[nodiscard]] constexpr float fraction(float x) noexcept {
  return x - static_cast<float>(floor_int(x));
}

[[nodiscard]] inline Floats fraction(Floats x) noexcept {
  return x - floats_of(floor_int(x));
}

/// Sine and cosine of x [radians], within 2e-7. Pre: |x| < 1e6.
[[nodiscard]] float sine(float x) noexcept;
[[nodiscard]] float cosine(float x) noexcept;

/// 2^x, relative error below 1e-6; 0 below -126, 2^126 above 126.
[[nodiscard]] inline float exp2_of(float x) noexcept {
  if (x < -126.0F) {
    return 0.0F;
  }
  const float clamped = x > 126.0F ? 126.0F : x;
  const std::int32_t whole = floor_int(clamped);
  // 2^r = e^(r ln 2) for r in [0, 1), by its Taylor series to the 8th power.
  const float r = (clamped - static_cast<float>(whole)) * 0.693147181F;
  float sum = 1.0F / 40320;
  sum = sum * r + 1.0F / 5040;
  sum = sum * r + 1.0F / 720;
  sum = sum * r + 1.0F / 120;
  sum = sum * r + 1.0F / 24;
  sum = sum * r + 1.0F / 6;
  sum = sum * r + 0.5F;
  sum = sum * r + 1.0F;
  sum = sum * r + 1.0F;
  return sum * std::bit_cast<float>(static_cast<std::uint32_t>(whole + 127) << 23);
}

[[nodiscard]] inline Floats exp2_of(Floats x) noexcept {
  const Floats clamped = select(x > 126.0F, Floats(126.0F), x);
  const Ints whole = floor_int(clamped);
  const Floats r = (clamped - floats_of(whole)) * 0.693147181F;
  Floats sum = 1.0F / 40320;
  for (const float term :
       {1.0F / 5040, 1.0F / 720, 1.0F / 120, 1.0F / 24, 1.0F / 6, 0.5F, 1.0F, 1.0F}) {
    sum = sum * r + term;
  }
  const Floats power_of_2 = floats_with_bits(words_of(whole + 127) << 23);
  return select(x < -126.0F, Floats(0.0F), sum * power_of_2);
}

/// The logarithm to base 2 within 2e-6. Pre: x is normal and > 0.
[[nodiscard]] inline float log2_of(float x) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  auto exponent = static_cast<std::int32_t>(bits >> 23) - 127;
  double m = std::bit_cast<float>((bits & 0x007FFFFFU) | 0x3F800000U);
  if (m > 1.41421356) {
    m *= 0.5;
    ++exponent;
  }
  // ln m = 2 atanh(z), z = (m - 1) / (m + 1), |z| < 0.172.
  const double z = (m - 1.0) / (m + 1.0);
  const double q = z * z;
  const double series =
      1.0 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11)))));
  return static_cast<float>(exponent + 2.0 * z * series * 1.44269504088896340736);
}

/// e^x.
[[nodiscard]] inline float exp_of(float x) noexcept {
  return exp2_of(x * 1.44269504F);
}

[[nodiscard]] inline Floats exp_of(Floats x) noexcept {
  return exp2_of(x * 1.44269504F);
}

/// x^y for x > 0; 0 for x <= 0.
[[nodiscard]] inline float power(float x, float y) noexcept {
  return x <= 0.0F ? 0.0F : exp2_of(y * log2_of(x));
}

/// The same where the mask is set, lane by lane; 0 elsewhere.
[[nodiscard]] inline Floats power(Mask mask, Floats x, float y) noexcept {
  std::array<float, kLanes> powers{};
  for (std::size_t i = 0; i < kLanes; ++i) {
    if (mask.raw[i] != 0) {
      powers[i] = power(x[i], y);
    }
  }
  return Floats(powers);
}

}  // namespace mtmi::scenes
