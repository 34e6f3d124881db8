#include "mtmi/ops/slice.h"

#include <limits>

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

std::string sliced(std::int64_t start, std::int64_t end, std::int64_t step) {
  return inferred({"Slice", {f32({5}), ints({start}), ints({end}), ints({0}), ints({step})}})[0];
}

TEST(Slice, ClampsToTheAxis) {
  EXPECT_EQ(sliced(1, kMax, 1), "f32[4]");
  EXPECT_EQ(sliced(kMin, -1, 1), "f32[4]");
  EXPECT_EQ(sliced(3, 3, 1), "f32[0]");
  EXPECT_EQ(sliced(9, 20, 1), "f32[0]");
  EXPECT_EQ(sliced(0, 5, 2), "f32[3]");
  EXPECT_EQ(sliced(0, 5, kMax), "f32[1]");
}

TEST(Slice, RunsBackwards) {
  EXPECT_EQ(sliced(-1, kMin, -1), "f32[5]");
  EXPECT_EQ(sliced(kMax, 0, -2), "f32[2]");
  EXPECT_EQ(sliced(0, 5, -1), "f32[0]");
  EXPECT_EQ(sliced(4, kMin, kMin), "f32[1]");
}

TEST(Slice, AxesLeftOutAreTheFirstOnes) {
  EXPECT_EQ(inferred({"Slice", {f32({4, 5}), ints({1}), ints({3})}}), Types{"f32[2,5]"});
  EXPECT_EQ(inferred({"Slice", {f32({4, 5}), ints({1}), ints({3}), ints({-1})}}),
            Types{"f32[4,2]"});
  EXPECT_EQ(inferred({"Slice", {f32({0}), ints({1}), ints({3}), std::nullopt, ints({-1})}}),
            Types{"f32[0]"});
}

TEST(Slice, ContradictionsAreRefused) {
  EXPECT_EQ(refusal({"Slice", {f32({4}), ints({1}), ints({3, 4})}}),
            "got starts [1], ends [3,4], axes [0], steps [1], expected equally many of each");
  EXPECT_EQ(refusal({"Slice", {f32({4}), ints({1}), ints({3}), ints({0}), ints({0})}}),
            "got steps [0], expected none of them 0");
  EXPECT_EQ(refusal({"Slice", {f32({4, 4}), ints({1, 1}), ints({3, 3}), ints({0, -2})}}),
            "got axes [0,-2], expected every axis once");
  EXPECT_EQ(refusal({"Slice", {f32({4}), ints({1, 1}), ints({3, 3})}}),
            "got axis 1, expected one from -1 to 0");
}

TEST(Slice, PositionsFromDataAreRefused) {
  Graph graph = SingleNode{"Slice", {f32({4}), ints({1}), ints({3})}}.graph();
  const ValueId x = graph.add_input("starts", {DType::Int64, Shape{1}});
  graph.set_input(graph.order()[0], 1, x);
  EXPECT_THROW(infer_types(graph), Error);
}

}  // namespace
}  // namespace mtmi::ops
