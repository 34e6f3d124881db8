#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;

ops::SingleNode resize(Tensor src, Tensor scales, const std::string& mode) {
  return {"Resize", {std::move(src), std::nullopt, std::move(scales)}, {{"mode", mode}}};
}

TEST(EvaluateResize, LinearByTwoMixesQuarters) {
  EXPECT_EQ(values<float>(
                resize(tensor<float>(Shape{2, 2}, {0, 4, 8, 12}), tensor<float>({1, 2}), "linear")),
            (Floats{0, 1, 3, 4, 8, 9, 11, 12}));
}

TEST(EvaluateResize, BothAxesAreResized) {
  EXPECT_EQ(values<float>(
                resize(tensor<float>(Shape{2, 2}, {0, 4, 8, 12}), tensor<float>({2, 1}), "linear")),
            (Floats{0, 4, 2, 6, 6, 10, 8, 12}));
  EXPECT_EQ(
      values<float>(resize(tensor<float>(Shape{2, 1}, {1, 2}), tensor<float>({2, 2}), "nearest")),
      (Floats{1, 1, 1, 1, 2, 2, 2, 2}));
}

TEST(EvaluateResize, CubicReproducesAConstant) {
  EXPECT_EQ(values<float>(resize(tensor<float>({3, 3, 3}), tensor<float>({2}), "cubic")),
            Floats(6, 3.0F));
}

TEST(EvaluateResize, NearestCopiesBitsOfAnyType) {
  const std::int64_t big = (std::int64_t{1} << 60) + 1;  // not a double
  EXPECT_EQ(
      values<std::int64_t>(resize(tensor<std::int64_t>({big}), tensor<float>({2}), "nearest")),
      (std::vector<std::int64_t>{big, big}));
  EXPECT_EQ(values<bool>(resize(tensor<bool>({true, false}), tensor<float>({2}), "nearest")),
            (std::vector<bool>{true, true, false, false}));
}

TEST(EvaluateResize, IntegersAreRoundedAndClamped) {
  const Tensor x = tensor<std::uint8_t>({0, 255, 0});
  const std::vector<std::uint8_t> y = values<std::uint8_t>(resize(x, tensor<float>({2}), "cubic"));
  EXPECT_EQ(y[0], 0);  // the cubic undershoots
  EXPECT_EQ(y[2], y[3]);
}

}  // namespace
}  // namespace mtmi::interp
