// Seeded random numbers that are the same on every machine.
#pragma once

#include <cstdint>

namespace mtmi {

/// SplitMix64 (Steele, Lea, Flood 2014). Small, splittable, the same everywhere; not for secrets.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }

  /// In [0, 1), a multiple of 2^-24.
  float uniform() noexcept { return static_cast<float>(next() >> 40) * 0x1p-24F; }

  /// In [low, high).
  float uniform(float low, float high) noexcept { return low + (high - low) * uniform(); }

  /// In [0, bound). Pre: bound > 0. The bias is below 2^-32 for bounds under 2^32.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }

  /// About normal with mean 0 and variance 1: the sum of twelve uniforms less six.
  float normal() noexcept {
    float sum = -6.0F;
    for (int i = 0; i < 12; ++i) {
      sum += uniform();
    }
    return sum;
  }

 private:
  std::uint64_t state_;
};

}  // namespace mtmi
