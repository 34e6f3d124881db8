#include "mtmi/scenes/lanes.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::scenes {
namespace {

constexpr std::size_t kCount = kLanes;

std::array<float, kCount> random_floats(Random& random) {
  return {random.uniform(-9, 9), random.uniform(-1, 1), random.uniform(0, 1e-3F), -0.0F};
}

TEST(Lanes, EveryOperationIsThatOfTheScalarInEachLane) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const std::array<float, kCount> a = random_floats(random);
    const std::array<float, kCount> b = random_floats(random);
    const Floats x(a);
    const Floats y(b);
    for (std::size_t i = 0; i < kCount; ++i) {
      EXPECT_EQ((x + y)[i], a[i] + b[i]);
      EXPECT_EQ((x - y)[i], a[i] - b[i]);
      EXPECT_EQ((x * y)[i], a[i] * b[i]);
      EXPECT_EQ((x / (y + 10.0F))[i], a[i] / (b[i] + 10.0F));
      EXPECT_EQ(std::signbit((-x)[i]), !std::signbit(a[i]));
      EXPECT_EQ(magnitude(x)[i], std::abs(a[i]));
      EXPECT_EQ(square_root(magnitude(x))[i], std::sqrt(std::abs(a[i])));
      EXPECT_EQ(truncated(x)[i], static_cast<std::int32_t>(a[i]));
      EXPECT_EQ(select(x < y, x, y)[i], a[i] < b[i] ? a[i] : b[i]);
      EXPECT_EQ(select(x >= y, x, y)[i], a[i] >= b[i] ? a[i] : b[i]);
    }
  }
}

TEST(Lanes, WordsAreModulo32Bits) {
  const Words x(std::array{0xFFFFFFFFU, 0x80000001U, 3U, 0U});
  const Words y(std::array{2U, 0x85EBCA77U, 0xFFFFFFFEU, 7U});
  for (std::size_t i = 0; i < kCount; ++i) {
    EXPECT_EQ((x * y)[i], x[i] * y[i]);
    EXPECT_EQ((x + y)[i], x[i] + y[i]);
    EXPECT_EQ((x >> 7)[i], x[i] >> 7);
    EXPECT_EQ((x ^ y)[i], x[i] ^ y[i]);
  }
  EXPECT_EQ(words_of(Ints(-1))[0], 0xFFFFFFFFU);
  EXPECT_EQ((Ints(-7) % 3)[2], -7 % 3);
  EXPECT_EQ((Ints(INT32_MIN) - 1)[0], INT32_MAX);
}

TEST(Lanes, AnyTellsWhetherALaneIsSet) {
  for (std::size_t i = 0; i < kCount; ++i) {
    std::array<float, kCount> x{};
    x[i] = 1;
    EXPECT_TRUE(any(Floats(x) > 0.5F)) << i;
    EXPECT_TRUE(any(!(Floats(x) > 0.5F))) << i;
  }
  EXPECT_FALSE(any(Floats(0.0F) > 0.5F));
  EXPECT_FALSE(any(!(Floats(0.0F) <= 0.5F)));
}

TEST(Lanes, WhatIsNotANumberIsNeitherLessNorMore) {
  const Floats nan(NAN);
  EXPECT_FALSE(any((nan < 1.0F) | (nan >= 1.0F)));
  EXPECT_EQ(select(nan < 1.0F, 2.0F, 3.0F)[0], 3.0F);
}

TEST(Lanes, DoublesAreRoundedAsScalarsAre) {
  Random random(2);
  for (int round = 0; round < 100; ++round) {
    const std::array<float, kCount> a = random_floats(random);
    const Doubles x = widened(Floats(a)) / 3.0;
    const Doubles y(0.1, -0.2, 1e-9, 4);
    const Floats sum = rounded(x * y + x);
    const Floats least = rounded(select_less(x, y, x, y));
    const std::array<double, kCount> ys{0.1, -0.2, 1e-9, 4};
    for (std::size_t i = 0; i < kCount; ++i) {
      const double third = static_cast<double>(a[i]) / 3.0;
      EXPECT_EQ(sum[i], static_cast<float>(third * ys[i] + third));
      EXPECT_EQ(least[i], static_cast<float>(third < ys[i] ? third : ys[i]));
    }
  }
}

TEST(Lanes, AreStoredOneAfterTheOther) {
  std::vector<float> memory{9, 9, 9, 9, 9, 9};
  store(lane_numbers(), &memory[1]);
  EXPECT_EQ(memory, (std::vector<float>{9, 0, 1, 2, 3, 9}));
  EXPECT_EQ(load(&memory[2])[3], 9);
}

}  // namespace
}  // namespace mtmi::scenes
