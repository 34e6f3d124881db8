#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

const Attributes kAllowZero{{"allowzero", std::int64_t{1}}};

TEST(Reshape, FillsInZeroAndMinusOne) {
  EXPECT_EQ(inferred({"Reshape", {f32({2, 3, 4}), ints({0, -1})}}), Types{"f32[2,12]"});
  EXPECT_EQ(inferred({"Reshape", {f32({2, 3, 4}), ints({4, 0, 2})}}), Types{"f32[4,3,2]"});
  EXPECT_EQ(inferred({"Reshape", {f32({1}), ints({})}}), Types{"f32[]"});
}

TEST(Reshape, ZeroMeansEmptyWhereTheNodeSaysSo) {
  EXPECT_EQ(inferred({"Reshape",
                      {
                          f32({0, 3}),
                          ints({3, 0}),
                      },
                      kAllowZero}),
            Types{"f32[3,0]"});
  EXPECT_EQ(refusal({"Reshape", {f32({0, 3}), ints({0, -1})}, kAllowZero}),
            "got [0,-1], expected a shape for [0,3] that leaves a whole number for -1");
}

TEST(Reshape, WhatDoesNotFitIsRefused) {
  EXPECT_EQ(refusal({"Reshape", {f32({2, 3}), ints({4})}}), "got [4], expected a shape for [2,3]");
  EXPECT_EQ(refusal({"Reshape", {f32({2, 3}), ints({-1, -1})}}),
            "got [-1,-1], expected a shape for [2,3] with at most one -1");
  EXPECT_EQ(refusal({"Reshape", {f32({2, 3}), ints({-1, 4})}}),
            "got [-1,4], expected a shape for [2,3] that leaves a whole number for -1");
  EXPECT_EQ(refusal({"Reshape", {f32({2, 3}), ints({6, 1, 0})}}),
            "got [6,1,0], expected a shape for [2,3]: a 0 stands for an axis that is not there");
  EXPECT_EQ(refusal({"Reshape", {f32({2, 3}), ints({-2, -3})}}),
            "got extent -2, expected 0 or more");
}

TEST(Reshape, HugeNumbersDoNotOverflow) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  EXPECT_EQ(
      refusal({"Reshape", {f32({4}), ints({kHuge, kHuge, -1})}}),
      "the result is too large: 4611686018427387904 * 4611686018427387904 does not fit into 64 "
      "bits");
}

TEST(Flatten, SplitsAtAnAxis) {
  EXPECT_EQ(inferred({"Flatten", {f32({2, 3, 4})}}), Types{"f32[2,12]"});
  EXPECT_EQ(inferred({"Flatten", {f32({2, 3, 4})}, {{"axis", std::int64_t{3}}}}),
            Types{"f32[24,1]"});
  EXPECT_EQ(inferred({"Flatten", {f32({2, 3, 4})}, {{"axis", std::int64_t{-1}}}}),
            Types{"f32[6,4]"});
  EXPECT_EQ(inferred({"Flatten", {f32({})}, {{"axis", std::int64_t{0}}}}), Types{"f32[1,1]"});
  EXPECT_EQ(refusal({"Flatten", {f32({2})}, {{"axis", std::int64_t{2}}}}),
            "got axis 2, expected one from -1 to 0");
}

TEST(Squeeze, DropsAxesOfExtentOne) {
  EXPECT_EQ(inferred({"Squeeze", {f32({1, 3, 1})}}), Types{"f32[3]"});
  EXPECT_EQ(inferred({"Squeeze", {f32({1, 3, 1}), ints({-1})}}), Types{"f32[1,3]"});
  EXPECT_EQ(refusal({"Squeeze", {f32({1, 3, 1}), ints({1})}}),
            "got axis 1 of [1,3,1], expected an extent of 1");
}

TEST(Unsqueeze, AxesCountInTheResult) {
  EXPECT_EQ(inferred({"Unsqueeze", {f32({3, 4}), ints({0, -1})}}), Types{"f32[1,3,4,1]"});
  EXPECT_EQ(refusal({"Unsqueeze", {f32({3}), ints({0, -2})}}), "");
  EXPECT_EQ(refusal({"Unsqueeze", {f32({3}), ints({0, 0})}}),
            "got axes [0,0], expected every axis once");
  EXPECT_EQ(refusal({"Unsqueeze", {f32({3}), ints({2})}}), "got axis 2, expected one from -2 to 1");
}

TEST(Dropout, HasAMaskAndDoesNotTrain) {
  EXPECT_EQ(inferred({"Dropout", {f32({2})}, {}, 2}), (Types{"f32[2]", "bool[2]"}));
  const Tensor yes = Tensor::from<bool>(Shape{}, {true});
  EXPECT_EQ(refusal({"Dropout", {f32({2}), f32({}), yes}}), "") << "a ratio of 0 drops nothing";
  const Tensor half = Tensor::from<float>(Shape{}, {0.5F});
  EXPECT_EQ(refusal({"Dropout", {f32({2}), half, yes}}),
            "its input 2 (training_mode) is not the constant false; mtmi runs networks, it does "
            "not train them");
}

}  // namespace
}  // namespace mtmi::ops
