#include "mtmi/ops/reduction.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

TEST(Reduction, KeepsOrDropsTheReducedAxes) {
  EXPECT_EQ(inferred({"ReduceSum", {f32({2, 3, 4}), ints({-1, 0})}}), Types{"f32[1,3,1]"});
  EXPECT_EQ(inferred({"ReduceSum", {f32({2, 3, 4}), ints({-1, 0})}, {{"keepdims", 0L}}}),
            Types{"f32[3]"});
  EXPECT_EQ(inferred({"ArgMax", {f32({2, 3, 4})}, {{"axis", -2L}, {"keepdims", 0L}}}),
            Types{"s64[2,4]"});
}

TEST(Reduction, NoAxesMeansAllOrNone) {
  EXPECT_EQ(inferred({"ReduceMax", {f32({2, 3})}}), Types{"f32[1,1]"});
  EXPECT_EQ(inferred({"ReduceMax", {f32({2, 3}), ints({})}, {{"keepdims", 0L}}}), Types{"f32[]"});
  EXPECT_EQ(inferred({"ReduceMax", {f32({2, 3})}, {{"noop_with_empty_axes", 1L}}}),
            Types{"f32[2,3]"});
}

TEST(Reduction, WhatHasNoResultIsRefused) {
  EXPECT_EQ(refusal({"ReduceSum", {f32({2, 3}), ints({2})}}),
            "got axis 2, expected one from -2 to 1");
  EXPECT_EQ(refusal({"ReduceSum", {f32({2, 3}), ints({0, -2})}}),
            "got axes [0,-2], expected every axis once");
  EXPECT_EQ(refusal({"ReduceMean", {ints({})}}),
            "got the mean of no s64 values, expected one or more");
  EXPECT_EQ(refusal({"ArgMin", {f32({2, 0})}, {{"axis", 1L}}}),
            "got axis 1 of extent 0, expected one or more elements");
  EXPECT_EQ(refusal({"ReduceSum", {Tensor(DType::Bool, Shape{2})}}),
            "got bool, expected a numeric type");
}

}  // namespace
}  // namespace mtmi::ops
