#include "mtmi/vision/scale_ticks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::vision {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

TEST(ScaleTicks, LinearOnesAreRoundNumbersInside) {
  EXPECT_THAT(linear_ticks(0, 80, 4), ElementsAre(0, 20, 40, 60, 80));
  EXPECT_THAT(linear_ticks(0.13F, 1.02F, 5),
              ElementsAre(FloatEq(0.2F), FloatEq(0.4F), FloatEq(0.6F), FloatEq(0.8F), FloatEq(1)));
  EXPECT_THAT(linear_ticks(-30, 30, 3), ElementsAre(-20, 0, 20));
}

TEST(ScaleTicks, LogarithmicOnesAreOneTwoFive) {
  EXPECT_THAT(log_ticks(2, 80), ElementsAre(2, 5, 10, 20, 50));
  EXPECT_THAT(log_ticks(0.001F, 0.01F),
              ElementsAre(FloatEq(0.001F), FloatEq(0.002F), FloatEq(0.005F), FloatEq(0.01F)));
}

TEST(ScaleTicks, TextHasNoMoreDigitsThanNeeded) {
  EXPECT_EQ(tick_text(0.05F), "0.05");
  EXPECT_EQ(tick_text(80.0F), "80");
  EXPECT_EQ(tick_text(-0.0F), "0");
  EXPECT_EQ(tick_text(1500000.0F), "1.5e+06");
}

}  // namespace
}  // namespace mtmi::vision
