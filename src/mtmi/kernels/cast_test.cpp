#include "mtmi/kernels/cast.h"

#include <limits>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(Cast, FloatsAreTruncatedAndClamped) {
  EXPECT_EQ((cast<std::int32_t>(-1.9F)), -1);
  EXPECT_EQ((cast<std::int32_t>(3e9F)), std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ((cast<std::int64_t>(9.3e18)), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ((cast<std::int64_t>(-1e30F)), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ((cast<std::uint8_t>(-0.5F)), 0);
  EXPECT_EQ((cast<std::uint8_t>(300.0)), 255);
  EXPECT_EQ((cast<std::int8_t>(std::nanf(""))), 0);
}

TEST(Cast, IntegersKeepTheirLowBits) {
  EXPECT_EQ((cast<std::int8_t>(std::int32_t{200})), -56);
  EXPECT_EQ((cast<std::uint8_t>(std::int64_t{-1})), 255);
}

TEST(Cast, BoolIsNotZero) {
  EXPECT_TRUE((cast<bool>(0.25F)));
  EXPECT_TRUE((cast<bool>(std::int32_t{256})));
  EXPECT_FALSE((cast<bool>(-0.0)));
  EXPECT_EQ(to_float(cast<Float16>(true)), 1.0F);
}

TEST(Cast, ToHalfRoundsOnce) {
  // Just above the middle of two halves; rounding to float first would land on the middle.
  const double above = 1.0 + 0x1p-11 + 0x1p-40;
  EXPECT_EQ(to_float(cast<Float16>(above)), 1.0F + 0x1p-10F);
  EXPECT_EQ(to_float(cast<Float16>(-above)), -1.0F - 0x1p-10F);
  EXPECT_EQ(to_float(cast<Float16>(1.0 + 0x1p-11)), 1.0F);
  EXPECT_EQ(to_float(cast<Float16>(1e300)), std::numeric_limits<float>::infinity());
}

}  // namespace
}  // namespace mtmi::kernels
