// From exact integers to INT8: one multiplication, one rounding.
#pragma once

#include <cmath>
#include <cstdint>

namespace mtmi::kernels::int8 {

/// Where a value lies half-way between two integers.
enum class Rounding : std::uint8_t {
  HalfAwayFromZero,  ///< 2.5 -> 3, -2.5 -> -3
  HalfToEven,        ///< 2.5 -> 2, -2.5 -> -2
};

/// What an INT8 result is clamped to; a fused ReLU or Clip narrows it. Pre: lo <= hi.
struct Bounds {
  std::int8_t lo = -128;
  std::int8_t hi = 127;
  bool operator==(const Bounds&) const = default;
};

/// `x` as a whole number, exactly: ties are those of the float32 value. Pre: the rounding mode of
/// the processor is the default one.
[[nodiscard]] inline float round_to_integer(float x, Rounding rounding) noexcept {
  return rounding == Rounding::HalfToEven ? std::nearbyint(x) : std::round(x);
}

/// min(max(round(x), lo), hi); NaN gives 0, clamped.
[[nodiscard]] inline std::int8_t saturate_s8(float x, Rounding rounding, Bounds bounds) noexcept {
  const float whole = std::isnan(x) ? 0.0F : round_to_integer(x, rounding);
  const auto lo = static_cast<float>(bounds.lo);
  const auto hi = static_cast<float>(bounds.hi);
  return static_cast<std::int8_t>(whole < lo ? lo : whole > hi ? hi : whole);
}

/// clamp(round(fl(fl(n) * multiplier))), where fl is one float32 operation, half to even.
/// Pre: `multiplier` is finite.
[[nodiscard]] inline std::int8_t requantize(std::int64_t n,
                                            float multiplier,
                                            Rounding rounding,
                                            Bounds bounds = {}) noexcept {
  return saturate_s8(static_cast<float>(n) * multiplier, rounding, bounds);
}

/// f16(fl(fl(n) * multiplier)) clamped to +-65504, as the bits of a binary16.
[[nodiscard]] std::uint16_t requantize_half(std::int64_t n, float multiplier) noexcept;

}  // namespace mtmi::kernels::int8
