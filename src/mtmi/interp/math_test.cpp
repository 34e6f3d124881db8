#include <cmath>

#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;

TEST(EvaluateMath, FunctionsOfTheLibrary) {
  const Tensor x = tensor<float>({0.25F, 1.0F});
  EXPECT_EQ(values<float>({"Sqrt", {x}}), (Floats{0.5F, 1.0F}));
  EXPECT_EQ(values<float>({"Reciprocal", {x}}), (Floats{4.0F, 1.0F}));
  EXPECT_EQ(values<float>({"Exp", {x}}), (Floats{std::exp(0.25F), std::exp(1.0F)}));
  EXPECT_EQ(values<float>({"Log", {x}}), (Floats{std::log(0.25F), 0.0F}));
  EXPECT_EQ(values<float>({"Sin", {x}}), (Floats{std::sin(0.25F), std::sin(1.0F)}));
  EXPECT_EQ(values<float>({"Cos", {x}}), (Floats{std::cos(0.25F), std::cos(1.0F)}));
  EXPECT_NEAR(values<float>({"Erf", {x}})[1], 0.842701F, 1e-6F);
}

TEST(EvaluateMath, Rounding) {
  const Tensor x = tensor<float>({-1.5F, -0.5F, 0.5F, 2.5F});
  EXPECT_EQ(values<float>({"Floor", {x}}), (Floats{-2, -1, 0, 2}));
  EXPECT_EQ(values<float>({"Ceil", {x}}), (Floats{-1, 0, 1, 3}));
  EXPECT_EQ(values<float>({"Round", {x}}), (Floats{-2, 0, 0, 2}));
}

TEST(EvaluateMath, SignsOfIntegers) {
  const Tensor x = tensor<std::int8_t>({-128, 0, 5});
  EXPECT_EQ(values<std::int8_t>({"Sign", {x}}), (std::vector<std::int8_t>{-1, 0, 1}));
  EXPECT_EQ(values<std::int8_t>({"Abs", {x}}), (std::vector<std::int8_t>{-128, 0, 5}));
  EXPECT_EQ(values<std::int8_t>({"Neg", {x}}), (std::vector<std::int8_t>{-128, 0, -5}));
}

TEST(EvaluateClip, BoundsMayBeLeftOut) {
  const Tensor x = tensor<float>({-2, 0, 2});
  const Tensor one = tensor<float>({}, {1});
  EXPECT_EQ(values<float>({"Clip", {x}}), (Floats{-2, 0, 2}));
  EXPECT_EQ(values<float>({"Clip", {x, std::nullopt, one}}), (Floats{-2, 0, 1}));
  EXPECT_EQ(values<float>({"Clip", {x, one}}), (Floats{1, 1, 2}));
  EXPECT_EQ(values<float>({"Clip", {x, one, tensor<float>({-1})}}), (Floats{-1, -1, -1}));
  EXPECT_EQ(
      values<std::uint8_t>({"Clip", {tensor<std::uint8_t>({0, 255}), tensor<std::uint8_t>({7})}}),
      (std::vector<std::uint8_t>{7, 255}));
}

TEST(EvaluateMath, HalfWidthTypes) {
  const Tensor x = Tensor::from<BFloat16>(Shape{1}, {to_bfloat16(4.0F)});
  EXPECT_EQ(to_float(values<BFloat16>({"Sqrt", {x}})[0]), 2.0F);
}

}  // namespace
}  // namespace mtmi::interp
