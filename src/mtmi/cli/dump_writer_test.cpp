#include "mtmi/cli/dump_writer.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::cli {
namespace {

TEST(QuantizeScores, TheLargestMagnitudeOfTheFrameIs127) {
  const auto q = quantize_scores(Tensor::from<float>({1, 2, 1, 2}, {2.0F, -4.0F, 0.0F, 1.0F}));
  EXPECT_THAT(q, testing::ElementsAre(64, -127, 0, 32));
}

TEST(QuantizeScores, Int8StaysAsItIsAndNothingIsDividedByZero) {
  EXPECT_THAT(quantize_scores(Tensor::from<std::int8_t>({2}, {-128, 5})),
              testing::ElementsAre(-128, 5));
  EXPECT_THAT(quantize_scores(Tensor::from<float>({2}, {0.0F, 0.0F})), testing::ElementsAre(0, 0));
}

TEST(QuantizeScores, AScoreThatIsNoNumberNeverWins) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(quantize_scores(Tensor::from<float>({2}, {nan, -1.0F})),
              testing::ElementsAre(-127, -127));
}

TEST(DumpNames, TheSecondOfANameGetsANumber) {
  EXPECT_THAT(dump_names({"a/x.png", "b/x.jpg", "b/y z.png", "x.png"}),
              testing::ElementsAre("x", "x-2", "y_z", "x-3"));
}

}  // namespace
}  // namespace mtmi::cli
