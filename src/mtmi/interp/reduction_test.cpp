#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;
using Ints = std::vector<std::int64_t>;
using ops::ints;

TEST(EvaluateReduce, AlongSeveralAxes) {
  const Tensor x = tensor<float>(Shape{2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(values<float>({"ReduceSum", {x, ints({0, 2})}}), (Floats{14, 22}));
  EXPECT_EQ(values<float>({"ReduceMean", {x}}), Floats{4.5F});
  EXPECT_EQ(values<float>({"ReduceMin", {x, ints({1})}}), (Floats{1, 2, 5, 6}));
}

TEST(EvaluateReduce, WithoutAxesStillAppliesItsFunction) {
  const Tensor x = tensor<float>({-2, 3});
  EXPECT_EQ(values<float>({"ReduceSumSquare", {x}, {{"noop_with_empty_axes", std::int64_t{1}}}}),
            (Floats{4, 9}));
}

TEST(EvaluateReduce, OverAnAxisWithoutElements) {
  EXPECT_EQ(values<float>({"ReduceSum", {Tensor(DType::Float32, Shape{2, 0}), ints({1})}}),
            (Floats{0, 0}));
}

TEST(EvaluateReduce, MaxOfBooleansIsOr) {
  const Tensor x = tensor<bool>(Shape{2, 2}, {false, true, false, false});
  EXPECT_EQ(values<bool>({"ReduceMax", {x, ints({1})}}), (std::vector<bool>{true, false}));
}

TEST(EvaluateArg, FindsPositionsAlongTheAxis) {
  const Tensor x = tensor<float>(Shape{2, 2}, {1, 4, 4, 4});
  const auto with = [&x](const char* op, std::int64_t axis, std::int64_t last) {
    return values<std::int64_t>({op, {x}, {{"axis", axis}, {"select_last_index", last}}});
  };
  EXPECT_EQ(with("ArgMax", 0, 0), (Ints{1, 0}));
  EXPECT_EQ(with("ArgMax", 1, 1), (Ints{1, 1}));
  EXPECT_EQ(with("ArgMin", 1, 0), (Ints{0, 0}));
}

TEST(EvaluateAny, OutputWithoutElementsRunsNoKernel) {
  // 2^40 lines of no elements: nothing may walk over them.
  const Tensor x(DType::Float32, Shape{std::int64_t{1} << 40, 0});
  EXPECT_EQ(evaluate_one({"Softmax", {x}}).shape(), x.shape());
}

}  // namespace
}  // namespace mtmi::interp
