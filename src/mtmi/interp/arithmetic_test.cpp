#include <limits>

#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;
using Ints = std::vector<std::int32_t>;

TEST(EvaluateArithmetic, Broadcasts) {
  EXPECT_EQ(values<float>({"Sub", {tensor<float>({2, 1}, {10, 20}), tensor<float>({1, 2, 3})}}),
            (Floats{9, 8, 7, 19, 18, 17}));
  EXPECT_EQ(values<float>({"Div", {tensor<float>({}, {6}), tensor<float>({1, 2, 3})}}),
            (Floats{6, 3, 2}));
}

TEST(EvaluateArithmetic, IntegersWrapAndNeverTrap) {
  constexpr auto kMin = std::numeric_limits<std::int32_t>::min();
  EXPECT_EQ(values<std::int32_t>(
                {"Div", {tensor<std::int32_t>({-7, 5, kMin}), tensor<std::int32_t>({2, 0, -1})}}),
            (Ints{-3, 0, kMin}));
  EXPECT_EQ(
      values<std::uint8_t>({"Add", {tensor<std::uint8_t>({250}), tensor<std::uint8_t>({10})}}),
      (std::vector<std::uint8_t>{4}));
  EXPECT_EQ(values<std::int32_t>(
                {"Mod", {tensor<std::int32_t>({-4, 4, 7}), tensor<std::int32_t>({3, -3, 0})}}),
            (Ints{2, -2, 0}));
}

TEST(EvaluateArithmetic, FmodHasTheSignOfTheDividend) {
  EXPECT_EQ(values<float>({"Mod",
                           {tensor<float>({-4.5F, 5.0F}), tensor<float>({2.0F, -3.0F})},
                           {{"fmod", std::int64_t{1}}}}),
            (Floats{-0.5F, 2.0F}));
}

TEST(EvaluatePow, BaseAndExponentMayDiffer) {
  EXPECT_EQ(values<float>({"Pow", {tensor<float>({2, 3}), tensor<std::int64_t>({3, -1})}}),
            (Floats{8, 1.0F / 3.0F}));
  EXPECT_EQ(
      values<std::int32_t>({"Pow", {tensor<std::int32_t>({9, 2}), tensor<float>({0.5F, 40})}}),
      (Ints{3, std::numeric_limits<std::int32_t>::max()}));
  EXPECT_EQ(
      values<std::int32_t>({"Pow", {tensor<std::int32_t>({3, 2}), tensor<std::uint8_t>({4, 33})}}),
      (Ints{81, 0}));
}

TEST(EvaluateVariadic, FoldsAllInputs) {
  const Tensor a = tensor<float>({2, 1}, {1, 5});
  const Tensor b = tensor<float>({3, 3});
  const Tensor c = tensor<float>({}, {2});
  EXPECT_EQ(values<float>({"Min", {a, b, c}}), (Floats{1, 1, 2, 2}));
  EXPECT_EQ(values<float>({"Max", {a, b, c}}), (Floats{3, 3, 5, 5}));
  EXPECT_EQ(values<float>({"Sum", {a, b, c}}), (Floats{6, 6, 10, 10}));
  EXPECT_EQ(values<float>({"Mean", {a, b, c}}), (Floats{2, 2, 10.0F / 3.0F, 10.0F / 3.0F}));
  EXPECT_EQ(values<float>({"Mean", {a}}), (Floats{1, 5}));
}

TEST(EvaluateVariadic, HalvesAreRoundedOnce) {
  // 2048 + 1 is no half; rounding after each addition would stay at 2048.
  const auto half = [](float x) { return Tensor::from<Float16>(Shape{1}, {to_float16(x)}); };
  const auto sum = values<Float16>({"Sum", {half(2048), half(1), half(1)}});
  EXPECT_EQ(to_float(sum[0]), 2050.0F);
}

}  // namespace
}  // namespace mtmi::interp
