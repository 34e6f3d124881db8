// Hashes and smooth noise: what gives surfaces their texture.
#pragma once

#include <cstdint>

#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {

[[nodiscard]] constexpr std::uint32_t hash(std::uint32_t x) noexcept {
  x ^= x >> 16;
  x *= 0x7FEB352DU;
  x ^= x >> 15;
  x *= 0x846CA68BU;
  x ^= x >> 16;
  return x;
}

[[nodiscard]] constexpr std::uint32_t hash(std::int32_t x,
                                           std::int32_t y,
                                           std::uint32_t seed) noexcept {
  return hash(static_cast<std::uint32_t>(x) * 0x9E3779B1U ^
              static_cast<std::uint32_t>(y) * 0x85EBCA77U ^ seed);
}

/// In [0, 1), a multiple of 2^-24.
[[nodiscard]] constexpr float unit_of(std::uint32_t h) noexcept {
  return static_cast<float>(h >> 8) * 0x1p-24F;
}

/// Smooth noise in [0, 1] with features of size 1. Pre: |x|, |y| < 2^30.
[[nodiscard]] inline float noise(float x, float y, std::uint32_t seed) noexcept {
  const std::int32_t ix = floor_int(x);
  const std::int32_t iy = floor_int(y);
  const float fx = x - static_cast<float>(ix);
  const float fy = y - static_cast<float>(iy);
  const float wx = fx * fx * (3 - 2 * fx);
  const float wy = fy * fy * (3 - 2 * fy);
  const std::uint32_t x0 = static_cast<std::uint32_t>(ix) * 0x9E3779B1U;
  const std::uint32_t x1 = x0 + 0x9E3779B1U;
  const std::uint32_t y0 = static_cast<std::uint32_t>(iy) * 0x85EBCA77U + seed;
  const std::uint32_t y1 = y0 + 0x85EBCA77U;
  // One round of mixing is enough for values that are blended.
  const auto corner = [](std::uint32_t h) {
    h = (h ^ h >> 15) * 0x2C1B3C6DU;
    return unit_of(h ^ h >> 12);
  };
  const float a = corner(x0 ^ y0);
  const float b = corner(x1 ^ y0);
  const float c = corner(x0 ^ y1);
  const float d = corner(x1 ^ y1);
  const float top = a + (b - a) * wx;
  const float bottom = c + (d - c) * wx;
  return top + (bottom - top) * wy;
}

/// Noise of several sizes, from 1 down to the footprint of a pixel; in [0, 1].
[[nodiscard]] inline float fractal_noise(
    float x, float y, int octaves, float footprint, std::uint32_t seed) noexcept {
  float sum = 0.5F;
  float amplitude = 0.5F;
  for (int i = 0; i < octaves && footprint < 1.0F; ++i) {
    // What is smaller than a pixel averages to a half: faded out, so that it does not flicker.
    sum += amplitude * (noise(x, y, seed + static_cast<std::uint32_t>(i)) - 0.5F) * (1 - footprint);
    x *= 2.03F;
    y *= 2.03F;
    footprint *= 2.03F;
    amplitude *= 0.5F;
  }
  return sum;
}

}  // namespace mtmi::scenes
