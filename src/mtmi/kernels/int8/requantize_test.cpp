#include "mtmi/kernels/int8/requantize.h"

#include <limits>

#include <gtest/gtest.h>

#include "mtmi/core/half.h"

namespace mtmi::kernels::int8 {
namespace {

TEST(Requantize, TiesGoAwayFromZeroOrToEven) {
  const auto away = [](std::int64_t n) { return requantize(n, 0.5F, Rounding::HalfAwayFromZero); };
  const auto even = [](std::int64_t n) { return requantize(n, 0.5F, Rounding::HalfToEven); };
  EXPECT_EQ(away(5), 3);
  EXPECT_EQ(away(-5), -3);
  EXPECT_EQ(away(1), 1);
  EXPECT_EQ(away(-1), -1);
  EXPECT_EQ(even(5), 2);
  EXPECT_EQ(even(-5), -2);
  EXPECT_EQ(even(7), 4);
  EXPECT_EQ(even(1), 0);
}

TEST(Requantize, TheNeighboursOfATieAreNotTies) {
  const float below = std::nextafter(0.5F, 0.0F);
  EXPECT_EQ(requantize(1, below, Rounding::HalfAwayFromZero), 0);
  EXPECT_EQ(requantize(-1, below, Rounding::HalfAwayFromZero), 0);
  EXPECT_EQ(requantize(1, std::nextafter(2.5F, 3.0F), Rounding::HalfToEven), 3);
}

TEST(Requantize, TheSumIsRoundedToFloatBeforeTheProduct) {
  // 2^24 + 1 is no float: it becomes 2^24, and the product is a tie.
  EXPECT_EQ(requantize((1 << 24) + 1, 0x1.4p-23F, Rounding::HalfToEven), 2);
  EXPECT_EQ(requantize((1 << 24) + 1, 0x1.4p-23F, Rounding::HalfAwayFromZero), 3);
}

TEST(Requantize, LargeSumsSaturate) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(requantize(kMost, 3e38F, Rounding::HalfToEven), 127);
  EXPECT_EQ(requantize(-kMost, 3e38F, Rounding::HalfAwayFromZero), -128);
  EXPECT_EQ(requantize(100, 1.0F, Rounding::HalfToEven, {.lo = 0, .hi = 60}), 60);
  EXPECT_EQ(requantize(-100, 1.0F, Rounding::HalfToEven, {.lo = 0, .hi = 60}), 0);
}

TEST(Requantize, HalvesAreClampedToTheLargest) {
  EXPECT_EQ(to_float(Float16{requantize_half(1000000, 1.0F)}), 65504.0F);
  EXPECT_EQ(to_float(Float16{requantize_half(-1000000, 1.0F)}), -65504.0F);
  EXPECT_EQ(to_float(Float16{requantize_half(3, 0.5F)}), 1.5F);
}

}  // namespace
}  // namespace mtmi::kernels::int8
