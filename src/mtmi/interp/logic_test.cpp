#include <cmath>

#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Flags = std::vector<bool>;

TEST(EvaluateLogic, Compares) {
  const Tensor a = tensor<float>({1, 2, std::nanf("")});
  const Tensor b = tensor<float>({2, 2, std::nanf("")});
  EXPECT_EQ(values<bool>({"Equal", {a, b}}), (Flags{false, true, false}));
  EXPECT_EQ(values<bool>({"Less", {a, b}}), (Flags{true, false, false}));
  EXPECT_EQ(values<bool>({"LessOrEqual", {a, b}}), (Flags{true, true, false}));
  EXPECT_EQ(values<bool>({"Greater", {a, b}}), (Flags{false, false, false}));
  EXPECT_EQ(values<bool>({"GreaterOrEqual", {a, b}}), (Flags{false, true, false}));
}

TEST(EvaluateLogic, LargeIntegersAreComparedExactly) {
  constexpr std::int64_t kLarge = std::int64_t{1} << 60;
  EXPECT_EQ(values<bool>({"Equal", {tensor({kLarge}), tensor({kLarge + 1})}}), Flags{false});
}

TEST(EvaluateLogic, CombinesBooleans) {
  const Tensor a = tensor<bool>({2, 1}, {false, true});
  const Tensor b = tensor<bool>({false, true});
  EXPECT_EQ(values<bool>({"And", {a, b}}), (Flags{false, false, false, true}));
  EXPECT_EQ(values<bool>({"Or", {a, b}}), (Flags{false, true, true, true}));
  EXPECT_EQ(values<bool>({"Xor", {a, b}}), (Flags{false, true, true, false}));
  EXPECT_EQ(values<bool>({"Equal", {a, b}}), (Flags{true, false, false, true}));
  EXPECT_EQ(values<bool>({"Not", {b}}), (Flags{true, false}));
}

TEST(EvaluateWhere, BroadcastsAllThree) {
  EXPECT_EQ(values<std::int32_t>({"Where",
                                  {tensor<bool>({2, 1}, {true, false}),
                                   tensor<std::int32_t>({1, 2}),
                                   tensor<std::int32_t>({}, {9})}}),
            (std::vector<std::int32_t>{1, 2, 9, 9}));
  EXPECT_EQ(
      values<bool>({"Where", {tensor<bool>({true}), tensor<bool>({true}), tensor<bool>({false})}}),
      Flags{true});
}

}  // namespace
}  // namespace mtmi::interp
