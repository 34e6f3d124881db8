// Hashes and smooth noise: what gives surfaces their texture.
#pragma once

#include <cstdint>

#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/lanes.h"

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

[[nodiscard]] inline Words hash(Words x) noexcept {
  x = x ^ x >> 16;
  x *= 0x7FEB352DU;
  x = x ^ x >> 15;
  x *= 0x846CA68BU;
  return x ^ x >> 16;
}

[[nodiscard]] inline Words hash(Ints x, Ints y, Words seed) noexcept {
  return hash(words_of(x) * 0x9E3779B1U ^ words_of(y) * 0x85EBCA77U ^ seed);
}

/// In [0, 1), a multiple of 2^-24.
[[nodiscard]] constexpr float unit_of(std::uint32_t h) noexcept {
  return static_cast<float>(h >> 8) * 0x1p-24F;
}

[[nodiscard]] inline Floats unit_of(Words h) noexcept {
  return floats_of(ints_of(h >> 8)) * 0x1p-24F;
}

/// Smooth noise in [0, 1] with features of size 1. Pre: |x|, |y| < 2^30.
[[nodiscard]] inline Floats noise(Floats x, Floats y, Words seed) noexcept {
  const Ints ix = floor_int(x);
  const Ints iy = floor_int(y);
  const Floats fx = x - floats_of(ix);
  const Floats fy = y - floats_of(iy);
  const Floats wx = fx * fx * (3.0F - 2.0F * fx);
  const Floats wy = fy * fy * (3.0F - 2.0F * fy);
  const Words x0 = words_of(ix) * 0x9E3779B1U;
  const Words x1 = x0 + 0x9E3779B1U;
  const Words y0 = words_of(iy) * 0x85EBCA77U + seed;
  const Words y1 = y0 + 0x85EBCA77U;
  // One round of mixing is enough for values that are blended.
  const auto corner = [](Words h) {
    h = (h ^ h >> 15) * 0x2C1B3C6DU;
    return unit_of(h ^ h >> 12);
  };
  const Floats a = corner(x0 ^ y0);
  const Floats b = corner(x1 ^ y0);
  const Floats c = corner(x0 ^ y1);
  const Floats d = corner(x1 ^ y1);
  const Floats top = a + (b - a) * wx;
  const Floats bottom = c + (d - c) * wx;
  return top + (bottom - top) * wy;
}

/// Noise of several sizes, from 1 down to the footprint of a pixel; in [0, 1].
[[nodiscard]] inline Floats fractal_noise(
    Floats x, Floats y, int octaves, Floats footprint, std::uint32_t seed) noexcept {
  Floats sum = 0.5F;
  float amplitude = 0.5F;
  for (int i = 0; i < octaves; ++i) {
    // What is smaller than a pixel averages to a half: faded out, so that it does not flicker.
    const Mask is_seen = footprint < 1.0F;
    if (!any(is_seen)) {
      break;
    }
    const Floats octave = noise(x, y, seed + static_cast<std::uint32_t>(i));
    const Floats faded = amplitude * (octave - 0.5F) * (1.0F - footprint);
    sum = select(is_seen, sum + faded, sum);
    x *= 2.03F;
    y *= 2.03F;
    footprint *= 2.03F;
    amplitude *= 0.5F;
  }
  return sum;
}

}  // namespace mtmi::scenes
