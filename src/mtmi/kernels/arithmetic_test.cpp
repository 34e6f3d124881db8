#include "mtmi/kernels/arithmetic.h"

#include <limits>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();

TEST(IntegerArithmetic, WrapsAround) {
  EXPECT_EQ(add<std::int8_t>(127, 1), -128);
  EXPECT_EQ(subtract<std::uint8_t>(0, 1), 255);
  EXPECT_EQ(multiply<std::uint8_t>(200, 2), 144);
  EXPECT_EQ(multiply<std::int32_t>(1 << 30, 4), 0);
  EXPECT_EQ(add(kHighest, std::int64_t{1}), kLowest);
  EXPECT_EQ(negate(kLowest), kLowest);
}

TEST(IntegerDivision, TruncatesTowardsZeroAndNeverTraps) {
  EXPECT_EQ(divide(-7, 2), -3);
  EXPECT_EQ(divide(7, -2), -3);
  EXPECT_EQ(divide(5, 0), 0);
  EXPECT_EQ(divide(kLowest, std::int64_t{-1}), kLowest);
  EXPECT_EQ(divide<std::uint8_t>(255, 2), 127);
}

TEST(Modulo, SignOfTheDivisorOrOfTheDividend) {
  EXPECT_EQ(floored_modulo(-4, 3), 2);
  EXPECT_EQ(floored_modulo(4, -3), -2);
  EXPECT_EQ(truncated_modulo(-4, 3), -1);
  EXPECT_EQ(truncated_modulo(5.5, -3.0), 2.5);
  EXPECT_EQ(floored_modulo(5.5, -3.0), -0.5);
  EXPECT_EQ(floored_modulo(7, 0), 0);
  EXPECT_EQ(floored_modulo(kLowest, std::int64_t{-1}), 0);
}

TEST(Power, IntegersWrapAndTruncate) {
  EXPECT_EQ(power(3, 4), 81);
  EXPECT_EQ(power(2, 32), 0);
  EXPECT_EQ(power(2, -1), 0);
  EXPECT_EQ(power(-1, -3), -1);
  EXPECT_EQ(power(-1, -4), 1);
  EXPECT_EQ(power(0, 0), 1);
}

TEST(Power, SquareIsOneProduct) {
  EXPECT_EQ(power(1.1F, 2.0F), 1.1F * 1.1F);
  EXPECT_EQ(power(4.0F, 0.5F), 2.0F);
}

TEST(MinimumMaximum, NanWins) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(minimum(nan, 1.0)));
  EXPECT_TRUE(std::isnan(maximum(1.0, nan)));
  EXPECT_EQ(maximum(-1, 2), 2);
  EXPECT_EQ(minimum(-1, 2), -1);
}

}  // namespace
}  // namespace mtmi::kernels
