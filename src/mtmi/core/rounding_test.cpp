#include "mtmi/core/rounding.h"

#include <cmath>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi {
namespace {

TEST(RoundToEven, TakesHalvesToTheEvenNeighbourOnBothSidesOfZero) {
  for (const auto& [x, expected] : {std::pair{0.5F, 0.0F},
                                    {1.5F, 2.0F},
                                    {2.5F, 2.0F},
                                    {3.5F, 4.0F},
                                    {-0.5F, 0.0F},
                                    {-1.5F, -2.0F},
                                    {-2.5F, -2.0F},
                                    {-127.5F, -128.0F}}) {
    EXPECT_EQ(round_to_even(x), expected) << x;
    EXPECT_EQ(round_to_even(static_cast<double>(x)), static_cast<double>(expected)) << x;
  }
}

TEST(RoundToEven, TakesWhatIsNextToAHalfToTheNearerSide) {
  EXPECT_EQ(round_to_even(std::nextafter(0.5F, 0.0F)), 0.0F);
  EXPECT_EQ(round_to_even(std::nextafter(0.5F, 1.0F)), 1.0F);
  EXPECT_EQ(round_to_even(std::nextafter(-2.5F, -3.0F)), -3.0F);
  EXPECT_EQ(round_to_even(std::nextafter(2.5, 3.0)), 3.0);
}

TEST(RoundToEven, HoldsUpToItsLimits) {
  for (const float limit : {0x1p22F, -0x1p22F}) {
    for (float x = limit; std::abs(x) > 0x1p22F - 64.0F; x = std::nextafter(x, 0.0F)) {
      ASSERT_EQ(round_to_even(x), std::nearbyint(x)) << x;
    }
  }
  for (const double limit : {0x1p51, -0x1p51}) {
    for (double x = limit; std::abs(x) > 0x1p51 - 64.0; x = std::nextafter(x, 0.0)) {
      ASSERT_EQ(round_to_even(x), std::nearbyint(x)) << x;
    }
  }
}

TEST(RoundToEven, IsWhatTheLibraryGives) {
  Random random(1);
  for (int i = 0; i < 100000; ++i) {
    const float x = random.uniform(-300.0F, 300.0F);
    ASSERT_EQ(round_to_even(x), std::nearbyint(x)) << x;
    ASSERT_EQ(round_to_even(static_cast<double>(x)), std::nearbyint(static_cast<double>(x))) << x;
  }
}

static_assert(round_to_even(-1.5F) == -2.0F && round_to_even(4.5) == 4.0);

}  // namespace
}  // namespace mtmi
