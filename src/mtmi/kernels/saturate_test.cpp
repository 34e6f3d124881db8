#include "mtmi/kernels/saturate.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(Saturate, ClampsToTheRangeOfTheType) {
  EXPECT_EQ(saturate<std::int8_t>(127.9), 127);
  EXPECT_EQ(saturate<std::int8_t>(-1e300), -128);
  EXPECT_EQ(saturate<std::int64_t>(0x1p63), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(saturate<std::int64_t>(-0x1p63), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(saturate<std::uint8_t>(std::nan("")), 0);
  EXPECT_TRUE(saturate<bool>(2.0));
}

TEST(Saturate, TruncatesAndRoundsHalfToEvenOnRequest) {
  EXPECT_EQ(saturate<std::int32_t>(-2.9), -2);
  EXPECT_EQ(saturate_rounded<std::int32_t>(-2.9), -3);
  EXPECT_EQ(saturate_rounded<std::int32_t>(2.5), 2);
  EXPECT_EQ(saturate_rounded<float>(2.5), 2.5F);
}

}  // namespace
}  // namespace mtmi::kernels
