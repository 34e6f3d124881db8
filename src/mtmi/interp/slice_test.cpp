#include <limits>

#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Ints = std::vector<std::int32_t>;
using ops::ints;

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

TEST(EvaluateSlice, StepsAndAxes) {
  const Tensor x = counting(Shape{3, 4});
  EXPECT_EQ(
      values<std::int32_t>({"Slice", {x, ints({1, 0}), ints({3, 4}), std::nullopt, ints({1, 3})}}),
      (Ints{4, 7, 8, 11}));
  EXPECT_EQ(values<std::int32_t>({"Slice", {x, ints({-1}), ints({kMin}), ints({0}), ints({-2})}}),
            (Ints{8, 9, 10, 11, 0, 1, 2, 3}));
}

TEST(EvaluateSlice, AHugeStepTakesOneElement) {
  const Tensor x = counting(Shape{5});
  EXPECT_EQ(values<std::int32_t>({"Slice", {x, ints({2}), ints({kMax}), ints({0}), ints({kMax})}}),
            Ints{2});
  EXPECT_EQ(values<std::int32_t>({"Slice", {x, ints({2}), ints({kMin}), ints({0}), ints({kMin})}}),
            Ints{2});
}

TEST(EvaluateSlice, MayBeEmpty) {
  EXPECT_EQ(values<std::int32_t>({"Slice", {counting(Shape{5}), ints({9}), ints({12})}}), Ints{});
}

}  // namespace
}  // namespace mtmi::interp
