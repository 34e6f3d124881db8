#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

Attributes axis(std::int64_t value) {
  return {{"axis", value}};
}

TEST(EvaluateConcat, AlongAnyAxis) {
  const Tensor a = counting(Shape{2, 2});
  const Tensor b = tensor<std::int32_t>({2, 1}, {8, 9});
  EXPECT_EQ(values<std::int32_t>({"Concat", {a, b}, axis(1)}),
            (std::vector<std::int32_t>{0, 1, 8, 2, 3, 9}));
  EXPECT_EQ(values<std::int32_t>({"Concat", {a, a}, axis(-2)}),
            (std::vector<std::int32_t>{0, 1, 2, 3, 0, 1, 2, 3}));
}

TEST(EvaluateConcat, OfEmptyParts) {
  const Tensor none(DType::Int32, Shape{0});
  EXPECT_EQ(values<std::int32_t>({"Concat", {none, counting(Shape{1}), none}, axis(0)}),
            std::vector<std::int32_t>{0});
}

TEST(EvaluateSplit, UndoesConcat) {
  const Tensor x = counting(Shape{2, 3});
  const std::vector<Tensor> parts = evaluate_all({"Split", {x, ops::ints({1, 2})}, axis(1), 2});
  EXPECT_TRUE(bitwise_equal(parts[0], tensor<std::int32_t>({2, 1}, {0, 3})));
  EXPECT_TRUE(bitwise_equal(parts[1], tensor<std::int32_t>({2, 2}, {1, 2, 4, 5})));
  EXPECT_TRUE(bitwise_equal(evaluate_one({"Concat", {parts[0], parts[1]}, axis(1)}), x));
}

}  // namespace
}  // namespace mtmi::interp
