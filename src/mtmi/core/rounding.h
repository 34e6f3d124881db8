// Rounding to whole numbers by an addition: what a loop does for many numbers at once, where
// std::nearbyint() would be a call for each.
#pragma once

namespace mtmi {

/// 1.5 * 2^23. Floats from 2^23 to 2^24 have no fractions, so a sum that lies there is a whole
/// number, to the nearest, halves to even, as processors round unless they are told otherwise.
/// What is taken away again leaves x rounded; the half above 2^23 is for negative x.
inline constexpr float kNoFractionsF32 = 0x1.8p23F;

/// 1.5 * 2^52: the same for doubles.
inline constexpr double kNoFractionsF64 = 0x1.8p52;

/// The nearest whole number, halves to even; 0 is never negative. Pre: |x| <= 2^22.
[[nodiscard]] constexpr float round_to_even(float x) noexcept {
  return (x + kNoFractionsF32) - kNoFractionsF32;
}

/// The same. Pre: |x| <= 2^51.
[[nodiscard]] constexpr double round_to_even(double x) noexcept {
  return (x + kNoFractionsF64) - kNoFractionsF64;
}

}  // namespace mtmi
