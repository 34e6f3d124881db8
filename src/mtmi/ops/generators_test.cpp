#include "mtmi/ops/generators.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;
using Ints = std::vector<std::int64_t>;

TEST(ShapeOf, TakesAPartOfTheExtents) {
  const Shape shape{2, 3, 4};
  EXPECT_EQ(extents_between({}, shape), (Ints{2, 3, 4}));
  EXPECT_EQ(extents_between({{"start", std::int64_t{-2}}}, shape), (Ints{3, 4}));
  EXPECT_EQ(extents_between({{"end", std::int64_t{-1}}}, shape), (Ints{2, 3}));
  EXPECT_EQ(extents_between({{"start", std::int64_t{2}}, {"end", std::int64_t{1}}}, shape), Ints{});
  EXPECT_EQ(extents_between({{"start", std::int64_t{-9}}, {"end", std::int64_t{9}}}, shape),
            (Ints{2, 3, 4}));
  EXPECT_EQ(inferred({"Shape", {f32(shape)}}), Types{"s64[3]"});
  EXPECT_EQ(inferred({"Size", {f32(shape)}}), Types{"s64[]"});
}

TEST(ConstantOfShape, HasTheTypeOfItsValue) {
  EXPECT_EQ(inferred({"ConstantOfShape", {ints({2, 3})}}), Types{"f32[2,3]"});
  EXPECT_EQ(inferred({"ConstantOfShape", {ints({})}, {{"value", ints({7})}}}), Types{"s64[]"});
  EXPECT_EQ(refusal({"ConstantOfShape", {ints({2})}, {{"value", ints({7, 8})}}}),
            "got an attribute 'value' that is not one element, expected a tensor of one element");
  EXPECT_EQ(refusal({"ConstantOfShape", {ints({-2})}}), "got extent -2, expected 0 or more");
}

std::string range(std::int64_t start, std::int64_t limit, std::int64_t delta) {
  return inferred({"Range", {ints({start}), ints({limit}), ints({delta})}})[0];
}

TEST(Range, CountsSteps) {
  EXPECT_EQ(range(0, 10, 3), "s64[4]");
  EXPECT_EQ(range(10, 0, -5), "s64[2]");
  EXPECT_EQ(range(3, 3, 1), "s64[0]");
  EXPECT_EQ(range(3, 0, 1), "s64[0]");
}

TEST(Range, EndlessOnesAreRefused) {
  EXPECT_EQ(refusal({"Range", {ints({0}), ints({4}), ints({0})}}),
            "got start 0, limit 4, delta 0, expected a delta other than 0 and a countable number "
            "of steps");
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_THROW(range(kMin, kMax, 1), Error);
  EXPECT_EQ(range(kMax, kMin, kMin), "s64[2]");
  const auto scalar = [](float value) { return Tensor::from<float>(Shape{}, {value}); };
  EXPECT_THROW(
      static_cast<void>(inferred({"Range", {scalar(0.0F), scalar(std::nanf("")), scalar(1.0F)}})),
      Error);
  EXPECT_EQ(inferred({"Range", {scalar(0.0F), scalar(1.0F), scalar(0.25F)}}), Types{"f32[4]"});
}

}  // namespace
}  // namespace mtmi::ops
