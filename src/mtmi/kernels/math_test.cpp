#include "mtmi/kernels/math.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(Math, RoundsHalvesToEven) {
  EXPECT_EQ(round_half_to_even(0.5F), 0.0F);
  EXPECT_EQ(round_half_to_even(1.5F), 2.0F);
  EXPECT_EQ(round_half_to_even(-2.5F), -2.0F);
}

TEST(Math, SignKeepsNan) {
  EXPECT_EQ(sign(-2.0F), -1.0F);
  EXPECT_EQ(sign(0.0F), 0.0F);
  EXPECT_EQ(sign(std::uint8_t{7}), 1);
  EXPECT_TRUE(std::isnan(sign(std::nanf(""))));
}

TEST(Math, AbsoluteOfTheLowestIntegerIsItself) {
  EXPECT_EQ(absolute<std::int8_t>(-128), -128);
  EXPECT_EQ(absolute<std::int8_t>(-5), 5);
  EXPECT_FALSE(std::signbit(absolute(-0.0)));
}

TEST(Clip, TheUpperBoundWinsWhereTheyCross) {
  EXPECT_EQ(clip(5, 0, 3), 3);
  EXPECT_EQ(clip(-5, 0, 3), 0);
  EXPECT_EQ(clip(1, 4, 2), 2);
  EXPECT_TRUE(std::isnan(clip(std::nanf(""), 0.0F, 1.0F)));
}

}  // namespace
}  // namespace mtmi::kernels
