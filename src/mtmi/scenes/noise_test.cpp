#include "mtmi/scenes/noise.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::scenes {
namespace {

std::array<float, kLanes> random_places(Random& random) {
  return {random.uniform(-50, 50), random.uniform(-50, 50), random.uniform(-1, 1), -2.0F};
}

TEST(Noise, HashesOfLanesAreThoseOfScalars) {
  const std::array<std::int32_t, kLanes> x{0, -1, 12345, -2147483647};
  const std::array<std::int32_t, kLanes> y{7, 0, -3, 2147483647};
  const Words hashes = hash(Ints(x), Ints(y), 77U);
  for (std::size_t i = 0; i < kLanes; ++i) {
    EXPECT_EQ(hashes[i], hash(x[i], y[i], 77U));
    EXPECT_EQ(hash(hashes)[i], hash(hashes[i]));
    EXPECT_EQ(unit_of(hashes)[i], unit_of(hashes[i]));
  }
}

TEST(Noise, EachLaneIsOnItsOwn) {
  Random random(3);
  for (int round = 0; round < 100; ++round) {
    const std::array<float, kLanes> x = random_places(random);
    const std::array<float, kLanes> y = random_places(random);
    const std::array<float, kLanes> footprints{0.0F, 0.4F, 0.9F, 3.0F};
    const Floats together = fractal_noise(Floats(x), Floats(y), 4, Floats(footprints), 5);
    for (std::size_t i = 0; i < kLanes; ++i) {
      EXPECT_EQ(together[i], fractal_noise(x[i], y[i], 4, footprints[i], 5)[0]);
    }
  }
}

TEST(Noise, IsSmoothAndBetweenZeroAndOne) {
  Random random(4);
  for (int round = 0; round < 1000; ++round) {
    const float x = random.uniform(-50, 50);
    const float y = random.uniform(-50, 50);
    const float here = noise(x, y, 9U)[0];
    ASSERT_TRUE(here >= 0 && here <= 1);
    ASSERT_NEAR(noise(x + 1e-3F, y - 1e-3F, 9U)[0], here, 1e-2F);
  }
}

TEST(Noise, WhatIsSmallerThanAPixelIsItsMean) {
  EXPECT_EQ(fractal_noise(3.3F, 4.4F, 4, 1.0F, 5)[0], 0.5F);
  EXPECT_NEAR(fractal_noise(3.3F, 4.4F, 4, 0.99F, 5)[0], 0.5F, 0.01F);
  EXPECT_GT(std::abs(fractal_noise(3.3F, 4.4F, 4, 0.0F, 5)[0] - 0.5F), 0.01F);
}

}  // namespace
}  // namespace mtmi::scenes
