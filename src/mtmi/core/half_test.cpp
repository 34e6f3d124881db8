#include "mtmi/core/half.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(Half, EveryFloat16SurvivesTheRoundTrip) {
  for (std::uint32_t bits = 0; bits <= 0xFFFFU; ++bits) {
    const Float16 half{static_cast<std::uint16_t>(bits)};
    const float value = to_float(half);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(to_float(to_float16(value))));
    } else {
      EXPECT_EQ(to_float16(value).bits, half.bits);
    }
  }
}

TEST(Half, TiesGoToEven) {
  EXPECT_EQ(to_float(to_float16(2049.0F)), 2048.0F);
  EXPECT_EQ(to_float(to_float16(2051.0F)), 2052.0F);
  EXPECT_EQ(to_float16(std::ldexp(1.0F, -25)).bits, 0);  // half of the smallest: to zero
  EXPECT_EQ(to_float16(std::ldexp(3.0F, -25)).bits, 2);  // one and a half: to two
  EXPECT_EQ(to_bfloat16(1.0F + std::ldexp(1.0F, -8)).bits, 0x3F80);
  EXPECT_EQ(to_bfloat16(1.0F + std::ldexp(3.0F, -8)).bits, 0x3F82);
}

TEST(Half, ADoubleIsRoundedOnce) {
  const double tie = 1.0 + std::ldexp(1.0, -11);  // between 1 and the next binary16
  EXPECT_EQ(to_float(round_to_float16(tie)), 1.0F);
  const double above = tie + std::ldexp(1.0, -40);
  EXPECT_EQ(to_float(to_float16(static_cast<float>(above))), 1.0F);  // rounded twice
  EXPECT_EQ(to_float(round_to_float16(above)), 1.0F + std::ldexp(1.0F, -10));
  EXPECT_EQ(to_float(round_to_float16(-above)), -1.0F - std::ldexp(1.0F, -10));
  EXPECT_EQ(round_to_float16(-1e-300).bits, 0x8000);
  EXPECT_TRUE(std::isnan(to_float(round_to_float16(std::nan("")))));
  EXPECT_TRUE(std::isinf(to_float(round_to_float16(1e300))));
}

TEST(Half, OverflowIsInfinity) {
  EXPECT_EQ(to_float(to_float16(65519.0F)), 65504.0F);
  EXPECT_TRUE(std::isinf(to_float(to_float16(65520.0F))));
  EXPECT_TRUE(std::isinf(to_float(to_bfloat16(std::numeric_limits<float>::max()))));
}

}  // namespace
}  // namespace mtmi
