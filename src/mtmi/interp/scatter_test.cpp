#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Ints = std::vector<std::int32_t>;

Attributes reducing(std::string word) {
  return {{"reduction", std::move(word)}};
}

TEST(EvaluateScatterND, EveryReduction) {
  const Tensor data = tensor<std::int32_t>({1, 2, 3, 4});
  const Tensor at = tensor<std::int64_t>({3, 1}, {1, -1, 1});
  const Tensor updates = tensor<std::int32_t>({5, 3, 7});
  EXPECT_EQ(values<std::int32_t>({"ScatterND", {data, at, updates}}), (Ints{1, 7, 3, 3}));
  EXPECT_EQ(values<std::int32_t>({"ScatterND", {data, at, updates}, reducing("add")}),
            (Ints{1, 14, 3, 7}));
  EXPECT_EQ(values<std::int32_t>({"ScatterND", {data, at, updates}, reducing("mul")}),
            (Ints{1, 70, 3, 12}));
  EXPECT_EQ(values<std::int32_t>({"ScatterND", {data, at, updates}, reducing("min")}),
            (Ints{1, 2, 3, 3}));
  EXPECT_EQ(values<std::int32_t>({"ScatterND", {data, at, updates}, reducing("max")}),
            (Ints{1, 7, 3, 4}));
  EXPECT_EQ(data.data<std::int32_t>()[1], 2);
}

TEST(EvaluateScatterND, WritesBlocks) {
  EXPECT_EQ(values<std::int32_t>({"ScatterND",
                                  {counting(Shape{3, 2}),
                                   tensor<std::int64_t>({1, 1}, {1}),
                                   tensor<std::int32_t>({1, 2}, {8, 9})}}),
            (Ints{0, 1, 8, 9, 4, 5}));
}

TEST(EvaluateScatterND, OfHalves) {
  const Tensor one = Tensor::from<Float16>(Shape{1}, {to_float16(1.5F)});
  const Tensor at = tensor<std::int64_t>({1, 1}, {0});
  EXPECT_EQ(to_float(values<Float16>({"ScatterND", {one, at, one}, reducing("add")})[0]), 3.0F);
}

TEST(EvaluateScatter, PositionsOutsideAreRefused) {
  const Tensor data = counting(Shape{2, 2});
  const Tensor updates = tensor<std::int32_t>({1}, {9});
  EXPECT_THROW(static_cast<void>(evaluate_one(
                   {"ScatterND", {data, tensor<std::int64_t>({1, 2}, {0, 2}), updates}})),
               Error);
  EXPECT_THROW(
      static_cast<void>(evaluate_one(
          {"ScatterElements",
           {data, tensor<std::int64_t>({1, 1}, {-3}), tensor<std::int32_t>({1, 1}, {9})}})),
      Error);
}

TEST(EvaluateScatterElements, KeepsTheOtherPositions) {
  const Tensor data = counting(Shape{2, 3});
  const Tensor at = tensor<std::int64_t>({2, 1}, {2, -3});
  const Tensor updates = tensor<std::int32_t>({2, 1}, {10, 20});
  EXPECT_EQ(
      values<std::int32_t>({"ScatterElements", {data, at, updates}, {{"axis", std::int64_t{1}}}}),
      (Ints{0, 1, 10, 20, 4, 5}));
  EXPECT_EQ(values<std::int32_t>({"ScatterElements",
                                  {data, at, updates},
                                  {{"axis", std::int64_t{1}}, {"reduction", std::string("add")}}}),
            (Ints{0, 1, 12, 23, 4, 5}));
}

}  // namespace
}  // namespace mtmi::interp
