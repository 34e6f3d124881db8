#include "mtmi/dla/int8_arithmetic.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/core/random.h"

namespace mtmi::dla {
namespace {

TEST(Int8Arithmetic, TiesGoAwayFromZeroOrToTheEvenOne) {
  for (int n = -255; n <= 255; n += 2) {  // n / 2 is a tie
    const int away = n > 0 ? (n + 1) / 2 : (n - 1) / 2;
    const int even = away % 2 == 0 ? away : away - (n > 0 ? 1 : -1);
    EXPECT_EQ(requantize(n, 0.5F, Rounding::HalfAway), std::clamp(away, -128, 127)) << n;
    EXPECT_EQ(requantize(n, 0.5F, Rounding::HalfEven), std::clamp(even, -128, 127)) << n;
  }
}

TEST(Int8Arithmetic, ExtremesSaturate) {
  for (const Rounding rounding : {Rounding::HalfAway, Rounding::HalfEven}) {
    EXPECT_EQ(requantize(std::numeric_limits<std::int64_t>::max(), 1e30F, rounding), 127);
    EXPECT_EQ(requantize(std::numeric_limits<std::int32_t>::min(), 1.0F, rounding), -128);
    EXPECT_EQ(requantize(0, 1e30F, rounding), 0);
  }
}

TEST(Int8Arithmetic, AnAccumulatorIsRoundedToFloatFirst) {
  // 2^24 + 1 has no float: fl() gives 2^24, whose product is no tie any more.
  EXPECT_EQ(requantize((1 << 24) + 1, 0x1p-20F, Rounding::HalfAway), 16);
  EXPECT_EQ(requantize((1 << 24) + 2, 1.5F * 0x1p-24F, Rounding::HalfEven), 2);
}

TEST(Int8Arithmetic, AHalfIsTheNearestOfTheExactValue) {
  // Just above the middle of two halves, by less than a float can tell.
  const double middle = 1.0 + 0x1p-11;
  EXPECT_EQ(to_float(round_to_half(middle)), 1.0F);
  EXPECT_EQ(to_float(round_to_half(middle + 0x1p-50)), 1.0F + 0x1p-10F);
  EXPECT_EQ(to_float(round_to_half(-middle - 0x1p-50)), -1.0F - 0x1p-10F);
  EXPECT_EQ(to_float(round_to_half(1e300)), 65504.0F);
  EXPECT_EQ(to_float(to_half(-1e30F)), -65504.0F);
  EXPECT_EQ(to_float(round_to_half(0x1p-26)), 0.0F);
}

TEST(Int8Arithmetic, EveryHalfIsItsOwnNearest) {
  for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
    const Float16 h{static_cast<std::uint16_t>(bits)};
    const float x = to_float(h);
    if (std::isfinite(x)) {
      EXPECT_EQ(round_to_half(static_cast<double>(x)).bits, h.bits);
    }
  }
}

TEST(Int8Arithmetic, SigmoidIsSymmetricAndEndsAtItsLimits) {
  EXPECT_EQ(to_float(sigmoid_of_half(to_float16(0.0F))), 0.5F);
  EXPECT_EQ(to_float(sigmoid_of_half(to_float16(20.0F))), 1.0F);
  EXPECT_EQ(to_float(sigmoid_of_half(to_float16(-30.0F))), 0.0F);
  EXPECT_EQ(to_float(tanh_of_half(to_float16(-10.0F))), -1.0F);
}

TEST(Int8Arithmetic, SoftmaxOfEqualScoresIsUniform) {
  const std::array<Float16, 4> src{
      to_float16(7.0F), to_float16(7.0F), to_float16(7.0F), to_float16(7.0F)};
  std::array<Float16, 4> dst{};
  softmax_of_halves(src.data(), dst.data(), 4, 1);
  for (const Float16 y : dst) {
    EXPECT_EQ(to_float(y), 0.25F);
  }
}

TEST(Int8Arithmetic, WeightsTakeTheirRowsLargestAsTheirRange) {
  const std::array<float, 4> weights{1.27F, -0.635F, 0.0F, 0.0F};
  const std::array<float, 2> bias{0.5F, 0.0F};
  const QuantizedWeights q = quantize_weights(weights, bias, 0.1F, Rounding::HalfAway);
  EXPECT_EQ(q.weights[0], 127);
  EXPECT_EQ(q.weights[2], 0);
  EXPECT_EQ(q.scales[0], static_cast<float>(static_cast<double>(1.27F) / 127.0));
  EXPECT_EQ(q.scales[1], 1.0F);
  EXPECT_EQ(q.bias[0], 500);
}

TEST(Int8Arithmetic, WeightsBetweenTwoStepsGoAwayOrToTheEvenOne) {
  const std::array<float, 7> weights{127.0F, 0.5F, -0.5F, 2.5F, -2.5F, 0.49999997F, -126.5F};
  const std::array<float, 1> bias{0.0F};
  EXPECT_EQ(quantize_weights(weights, bias, 1.0F, Rounding::HalfAway).weights,
            (std::vector<std::int8_t>{127, 1, -1, 3, -3, 0, -127}));
  EXPECT_EQ(quantize_weights(weights, bias, 1.0F, Rounding::HalfEven).weights,
            (std::vector<std::int8_t>{127, 0, 0, 2, -2, 0, -126}));
}

TEST(Int8Arithmetic, ALargeBiasWidensTheScaleUntilItFits) {
  const std::array<float, 2> weights{1e-6F, -1e-6F};
  const std::array<float, 1> bias{1e6F};
  const QuantizedWeights q = quantize_weights(weights, bias, 0.01F, Rounding::HalfAway);
  EXPECT_NEAR(q.bias[0], 1 << 30, 128);
  EXPECT_EQ(q.weights[0], 0);
}

TEST(Int8Arithmetic, ALongestSumAndALargestBiasFitIntoThirtyTwoBits) {
  EXPECT_LE(kMaxInt32Taps * 127 * 128 + (std::int64_t{1} << 30),
            std::numeric_limits<std::int32_t>::max());
}

TEST(Int8Arithmetic, AveragesMultiplyByTheTableOfReciprocals) {
  EXPECT_EQ(pooling_mean(7, 2), 4);  // 3.5
  EXPECT_EQ(pooling_mean(-7, 2), -4);
  // 0x5555 is less than a third: 1.5 is not reached.
  EXPECT_EQ(pooling_mean(9, 6), 1);
}

}  // namespace
}  // namespace mtmi::dla
