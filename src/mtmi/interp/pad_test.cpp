#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Ints = std::vector<std::int32_t>;
using ops::ints;

Attributes mode(std::string name) {
  return {{"mode", std::move(name)}};
}

TEST(EvaluatePad, Constant) {
  EXPECT_EQ(values<std::int32_t>({"Pad", {counting(Shape{2, 2}), ints({0, 1, 1, 0})}}),
            (Ints{0, 0, 1, 0, 2, 3, 0, 0, 0}));
  EXPECT_EQ(values<std::int32_t>(
                {"Pad", {counting(Shape{2}), ints({1, 1}), tensor<std::int32_t>({}, {7})}}),
            (Ints{7, 0, 1, 7}));
}

TEST(EvaluatePad, FromInside) {
  const Tensor x = counting(Shape{1, 3});
  const Tensor pads = ints({0, 2, 0, 1});
  EXPECT_EQ(values<std::int32_t>({"Pad", {x, pads}, mode("reflect")}), (Ints{2, 1, 0, 1, 2, 1}));
  EXPECT_EQ(values<std::int32_t>({"Pad", {x, pads}, mode("edge")}), (Ints{0, 0, 0, 1, 2, 2}));
  EXPECT_EQ(values<std::int32_t>({"Pad", {x, pads}, mode("wrap")}), (Ints{1, 2, 0, 1, 2, 0}));
}

TEST(EvaluatePad, CornersComeFromCorners) {
  EXPECT_EQ(
      values<std::int32_t>({"Pad", {counting(Shape{2, 2}), ints({1, 1, 0, 0})}, mode("edge")}),
      (Ints{0, 0, 1, 0, 0, 1, 2, 2, 3}));
}

TEST(EvaluatePad, NegativePadsCutFirst) {
  const Tensor x = counting(Shape{4});
  EXPECT_EQ(values<std::int32_t>({"Pad", {x, ints({-1, 2})}}), (Ints{1, 2, 3, 0, 0}));
  EXPECT_EQ(values<std::int32_t>({"Pad", {x, ints({2, -1})}, mode("reflect")}),
            (Ints{2, 1, 0, 1, 2}));
  EXPECT_EQ(values<std::int32_t>({"Pad", {x, ints({-2, -2})}}), Ints{});
}

TEST(EvaluatePad, HugePadsOfNothingTakeNoMemory) {
  const Tensor none(DType::Int32, Shape{0, 2});
  const Tensor result =
      evaluate_one({"Pad", {none, ints({0, 0, 0, std::int64_t{1} << 50})}, mode("edge")});
  EXPECT_EQ(result.num_elements(), 0);
}

}  // namespace
}  // namespace mtmi::interp
