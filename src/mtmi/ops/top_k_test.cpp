#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

TEST(TopK, ReplacesTheExtentOfItsAxis) {
  EXPECT_EQ(inferred({"TopK", {f32({2, 5}), ints({3})}, {}, 2}),
            (std::vector<std::string>{"f32[2,3]", "s64[2,3]"}));
  EXPECT_EQ(inferred({"TopK", {f32({2, 5}), ints({0})}, {{"axis", 0L}}, 2})[0], "f32[0,5]");
}

TEST(TopK, MoreThanThereIsIsRefused) {
  EXPECT_EQ(refusal({"TopK", {f32({2, 5}), ints({6})}}),
            "got K [6], expected one number from 0 to 5");
  EXPECT_EQ(refusal({"TopK", {f32({2, 5}), ints({-1})}}),
            "got K [-1], expected one number from 0 to 5");
  EXPECT_EQ(refusal({"TopK", {f32({2, 5}), ints({1, 1})}}),
            "got K [1,1], expected one number from 0 to 5");
}

}  // namespace
}  // namespace mtmi::ops
