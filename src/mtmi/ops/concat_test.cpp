#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

Attributes axis(std::int64_t value) {
  return {{"axis", value}};
}

TEST(Concat, SumsOneAxis) {
  EXPECT_EQ(inferred({"Concat", {f32({2, 3}), f32({2, 1}), f32({2, 0})}, axis(-1)}),
            Types{"f32[2,4]"});
}

TEST(Concat, OtherAxesMustAgree) {
  EXPECT_EQ(refusal({"Concat", {f32({2, 3}), f32({1, 1})}, axis(1)}),
            "got shapes [2,3] and [1,1], expected shapes that differ in axis 1 only");
  EXPECT_EQ(refusal({"Concat", {f32({2, 3}), f32({2})}, axis(1)}),
            "got shapes [2,3] and [2], expected shapes that differ in axis 1 only");
  EXPECT_EQ(refusal({"Concat", {f32({2}), ints({2})}, axis(0)}), "got s64, expected f32");
  EXPECT_EQ(refusal({"Concat", {f32({})}, axis(0)}),
            "got axis 0, expected none: the tensor is a scalar");
  EXPECT_EQ(refusal({"Concat", {f32({2})}}), "got no attribute 'axis', expected one");
}

TEST(Split, BySizes) {
  EXPECT_EQ(inferred({"Split", {f32({6}), ints({2, 4})}, {}, 2}), (Types{"f32[2]", "f32[4]"}));
  EXPECT_EQ(inferred({"Split", {f32({0}), ints({0, 0})}, {}, 2}), (Types{"f32[0]", "f32[0]"}));
}

TEST(Split, ByNumberGivesTheLastTheRest) {
  EXPECT_EQ(inferred({"Split", {f32({7})}, {{"num_outputs", std::int64_t{3}}}, 3}),
            (Types{"f32[3]", "f32[3]", "f32[1]"}));
}

TEST(Split, PartsThatDoNotSumUpAreRefused) {
  EXPECT_EQ(refusal({"Split", {f32({6}), ints({2, 3})}, {}, 2}),
            "got parts [2,3], expected 2 that sum to 6");
  EXPECT_EQ(refusal({"Split", {f32({6}), ints({6})}, {}, 2}),
            "got parts [6], expected 2 that sum to 6");
  EXPECT_EQ(refusal({"Split", {f32({6}), ints({8, -2})}, {}, 2}),
            "got extent -2, expected 0 or more");
  EXPECT_EQ(refusal({"Split", {f32({5})}, {}, 4}),
            "got an extent of 5, expected one that splits into 4 parts");
  EXPECT_EQ(refusal({"Split", {f32({6})}, {{"num_outputs", std::int64_t{1} << 40}}, 2}),
            "got num_outputs 1099511627776, expected the 2 it has");
}

}  // namespace
}  // namespace mtmi::ops
