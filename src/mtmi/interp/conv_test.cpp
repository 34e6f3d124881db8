#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;
using Ints = std::vector<std::int64_t>;

TEST(EvaluateConv, OneSpatialAxisWithBiasAndPads) {
  EXPECT_EQ(values<float>({"Conv",
                           {tensor<float>(Shape{1, 1, 4}, {1, 2, 3, 4}),
                            tensor<float>(Shape{1, 1, 3}, {1, 0, -1}),
                            tensor<float>({10})},
                           {{"pads", Ints{1, 1}}}}),
            (Floats{8, 8, 8, 13}));
}

TEST(EvaluateConv, DepthwiseOverTwoAxes) {
  EXPECT_EQ(values<float>({"Conv",
                           {tensor<float>(Shape{1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}),
                            tensor<float>(Shape{2, 1, 2, 2}, {1, 1, 1, 1, 1, 0, 0, -1})},
                           {{"group", std::int64_t{2}}}}),
            (Floats{10, -3}));
}

TEST(EvaluateConv, HalfWidthTypesAreRoundedOnce) {
  // 1 + 2^-12 (exact in float) is 1 in Float16; times 2048 the rounding shows where it was done.
  const auto half = [](float x) { return to_float16(x); };
  const Tensor dst =
      evaluate_one({"Conv",
                    {tensor<Float16>(Shape{1, 2, 1}, {half(1.0F), half(0x1p-12F)}),
                     tensor<Float16>(Shape{1, 2, 1}, {half(2048.0F), half(4096.0F)})}});
  EXPECT_EQ(to_float(dst.data<Float16>()[0]), 2048.0F);  // 2049, a tie, to even
}

TEST(EvaluateConvTranspose, SpreadsEveryElement) {
  EXPECT_EQ(values<float>({"ConvTranspose",
                           {tensor<float>(Shape{1, 1, 2}, {1, 10}),
                            tensor<float>(Shape{1, 1, 3}, {1, 2, 3}),
                            tensor<float>({100})},
                           {{"strides", Ints{2}}, {"output_padding", Ints{1}}}}),
            (Floats{101, 102, 113, 120, 130, 100}));
}

}  // namespace
}  // namespace mtmi::interp
