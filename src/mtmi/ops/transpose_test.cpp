#include "mtmi/ops/transpose.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;
using Ints = std::vector<std::int64_t>;

TEST(Transpose, PermutesOrReverses) {
  EXPECT_EQ(inferred({"Transpose", {f32({2, 3, 4})}}), Types{"f32[4,3,2]"});
  EXPECT_EQ(inferred({"Transpose", {f32({2, 3, 4})}, {{"perm", Ints{1, 2, 0}}}}),
            Types{"f32[3,4,2]"});
  EXPECT_EQ(inferred({"Transpose", {f32({})}}), Types{"f32[]"});
}

TEST(Transpose, WhatIsNoPermutationIsRefused) {
  EXPECT_EQ(refusal({"Transpose", {f32({2, 3})}, {{"perm", Ints{0, 0}}}}),
            "got axes [0,0], expected every axis once");
  EXPECT_EQ(refusal({"Transpose", {f32({2, 3})}, {{"perm", Ints{0}}}}),
            "got perm [0], expected one entry for each of 2 axes");
  EXPECT_EQ(refusal({"Transpose", {f32({2, 3})}, {{"perm", Ints{0, 2}}}}),
            "got axis 2, expected one from -2 to 1");
}

}  // namespace
}  // namespace mtmi::ops
