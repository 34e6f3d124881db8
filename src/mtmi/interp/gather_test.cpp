#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Ints = std::vector<std::int32_t>;
using ops::ints;

Attributes axis(std::int64_t value) {
  return {{"axis", value}};
}

std::string message_of(const ops::SingleNode& single) {
  try {
    static_cast<void>(evaluate_one(single));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(EvaluateGather, AlongAnyAxis) {
  const Tensor x = counting(Shape{2, 3});
  EXPECT_EQ(values<std::int32_t>({"Gather", {x, ints({1, -2})}}), (Ints{3, 4, 5, 0, 1, 2}));
  EXPECT_EQ(values<std::int32_t>({"Gather", {x, tensor<std::int32_t>({2, 0})}, axis(1)}),
            (Ints{2, 0, 5, 3}));
}

TEST(EvaluateGather, IndicesBeyondTheDataAreRefused) {
  const Tensor x = counting(Shape{2, 3});
  EXPECT_EQ(message_of({"Gather", {x, ints({0, 2})}}),
            "node 'n' (Gather): got index 2, expected one within an extent of 2");
  EXPECT_EQ(message_of({"Gather", {Tensor(DType::Float32, Shape{0}), ints({0})}}),
            "node 'n' (Gather): got index 0, expected one within an extent of 0");
  EXPECT_EQ(message_of({"GatherElements", {x, tensor<std::int64_t>({1, 1}, {-3})}}),
            "node 'n' (GatherElements): got index -3, expected one within an extent of 2");
  EXPECT_EQ(message_of({"GatherND", {x, tensor<std::int64_t>({1, 2}, {1, 3})}}),
            "node 'n' (GatherND): got index 3, expected one within an extent of 3");
}

TEST(EvaluateGatherElements, KeepsTheOtherPositions) {
  const Tensor x = counting(Shape{2, 3});
  EXPECT_EQ(values<std::int32_t>(
                {"GatherElements", {x, tensor<std::int64_t>({2, 2}, {0, 0, 2, -2})}, axis(1)}),
            (Ints{0, 0, 5, 4}));
  EXPECT_EQ(values<std::int32_t>({"GatherElements", {x, tensor<std::int64_t>({1, 2}, {1, 0})}}),
            (Ints{3, 1}));
}

TEST(EvaluateGatherND, TakesBlocks) {
  const Tensor x = counting(Shape{2, 2, 2});
  EXPECT_EQ(values<std::int32_t>({"GatherND", {x, tensor<std::int64_t>({2, 2}, {0, 1, 1, 0})}}),
            (Ints{2, 3, 4, 5}));
  EXPECT_EQ(values<std::int32_t>({"GatherND",
                                  {x, tensor<std::int64_t>({2, 1}, {1, 0})},
                                  {{"batch_dims", std::int64_t{1}}}}),
            (Ints{2, 3, 4, 5}));
}

TEST(EvaluateGatherND, OfNothing) {
  EXPECT_EQ(
      values<std::int32_t>({"GatherND", {counting(Shape{2}), Tensor(DType::Int64, Shape{0, 1})}}),
      Ints{});
  EXPECT_EQ(values<std::int32_t>({"GatherND",
                                  {counting(Shape{0, 2}), Tensor(DType::Int64, Shape{0, 1})},
                                  {{"batch_dims", std::int64_t{1}}}}),
            Ints{});
}

}  // namespace
}  // namespace mtmi::interp
