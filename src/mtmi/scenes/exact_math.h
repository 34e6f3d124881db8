// Functions that give the same bits on every machine: only + - * / and sqrt, which IEEE 754 fixes.
// Nothing that reaches a pixel of a scene may call the C library's versions.
#pragma once

#include <cstdint>

namespace mtmi::scenes {

inline constexpr float kPi = 3.14159265358979F;

/// The largest integer <= x. Pre: |x| < 2^31.
[[nodiscard]] constexpr std::int32_t floor_int(float x) noexcept {
  const auto truncated = static_cast<std::int32_t>(x);
  return truncated - (static_cast<float>(truncated) > x ? 1 : 0);
}

[[nodiscard]] constexpr float fraction(float x) noexcept {
  return x - static_cast<float>(floor_int(x));
}

/// Sine and cosine of x [radians], within 2e-7. Pre: |x| < 1e6.
[[nodiscard]] float sine(float x) noexcept;
[[nodiscard]] float cosine(float x) noexcept;

/// 2^x, relative error below 3e-7; 0 below -126, 2^126 above 126.
[[nodiscard]] float exp2_of(float x) noexcept;

/// The logarithm to base 2 within 1e-6. Pre: x is normal and > 0.
[[nodiscard]] float log2_of(float x) noexcept;

/// e^x.
[[nodiscard]] float exp_of(float x) noexcept;

/// x^y for x > 0; 0 for x <= 0.
[[nodiscard]] float power(float x, float y) noexcept;

}  // namespace mtmi::scenes
