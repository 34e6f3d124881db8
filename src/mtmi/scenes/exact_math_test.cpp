#include "mtmi/scenes/exact_math.h"

#include <array>
#include <cmath>
#include <cstddef>

#include <gtest/gtest.h>

namespace mtmi::scenes {
namespace {

TEST(ExactMath, FollowsTheLibraryClosely) {
  for (float x = -20.0F; x < 20.0F; x += 0.0137F) {
    EXPECT_NEAR(sine(x), std::sin(static_cast<double>(x)), 2e-7) << x;
    EXPECT_NEAR(cosine(x), std::cos(static_cast<double>(x)), 2e-7) << x;
    EXPECT_NEAR(exp2_of(x) / std::exp2(static_cast<double>(x)), 1.0, 1e-6) << x;
    const float positive = std::exp(x);
    EXPECT_NEAR(log2_of(positive), std::log2(static_cast<double>(positive)), 2e-6) << x;
  }
  EXPECT_NEAR(power(2.5F, 2.2F), std::pow(2.5, 2.2), 1e-5);
}

TEST(ExactMath, FloorGoesDownForNegativeNumbers) {
  EXPECT_EQ(floor_int(-0.25F), -1);
  EXPECT_EQ(floor_int(-3.0F), -3);
  EXPECT_EQ(floor_int(2.75F), 2);
  EXPECT_EQ(fraction(-0.25F), 0.75F);
}

TEST(ExactMath, TheEndsOfTheRangeAreFinite) {
  EXPECT_EQ(exp2_of(-1000.0F), 0.0F);
  EXPECT_NEAR(exp2_of(1000.0F) / std::exp2(126.0F), 1.0F, 1e-6F);
  EXPECT_EQ(power(0.0F, 2.0F), 0.0F);
}

// The bits themselves: they may differ on no machine and with no compiler.
TEST(ExactMath, TheBitsArePinned) {
  EXPECT_EQ(sine(1.0F), 0x1.aed548p-1F);
  EXPECT_EQ(exp2_of(0.3F), 0x1.3b2c48p+0F);
  EXPECT_EQ(log2_of(10.0F), 0x1.a934fp+1F);
}

TEST(ExactMath, LanesGiveTheBitsOfScalars) {
  for (float x = -140; x < 140; x += 0.37F) {
    const Floats lanes(std::array{x, -x, x * 0.01F, x + 1e-3F});
    for (std::size_t i = 0; i < kLanes; ++i) {
      EXPECT_EQ(floor_int(lanes)[i], floor_int(lanes[i]));
      EXPECT_EQ(fraction(lanes)[i], fraction(lanes[i]));
      EXPECT_EQ(exp2_of(lanes)[i], exp2_of(lanes[i]));
      EXPECT_EQ(exp_of(lanes)[i], exp_of(lanes[i]));
      EXPECT_EQ(power(lanes > 1.0F, lanes, 2.5F)[i], lanes[i] > 1 ? power(lanes[i], 2.5F) : 0.0F);
    }
  }
}

}  // namespace
}  // namespace mtmi::scenes
