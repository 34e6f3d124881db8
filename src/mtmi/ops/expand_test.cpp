#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

constexpr std::int64_t kHuge = std::int64_t{1} << 59;

TEST(Expand, BroadcastsBothWays) {
  EXPECT_EQ(inferred({"Expand", {f32({3, 1}), ints({2, 1, 6})}}), Types{"f32[2,3,6]"});
  EXPECT_EQ(inferred({"Expand", {f32({3, 4}), ints({1})}}), Types{"f32[3,4]"});
}

TEST(Expand, BadExtentsAreRefused) {
  EXPECT_EQ(refusal({"Expand", {f32({3}), ints({-1})}}), "got extent -1, expected 0 or more");
  EXPECT_EQ(refusal({"Expand", {f32({3, 1}), ints({3, kHuge})}}),
            "shape too large: the product of its extents is 2^60 elements or more");
}

TEST(Tile, MultipliesExtents) {
  EXPECT_EQ(inferred({"Tile", {f32({2, 3}), ints({2, 0})}}), Types{"f32[4,0]"});
  EXPECT_EQ(refusal({"Tile", {f32({2, 3}), ints({2})}}),
            "got repeats [2], expected one for each axis of [2,3]");
  EXPECT_EQ(refusal({"Tile", {f32({2}), ints({-1})}}), "got repeats [-1], expected none below 0");
  EXPECT_EQ(refusal({"Tile", {f32({64}), ints({kHuge})}}),
            "the result is too large: 64 * 576460752303423488 does not fit into 64 bits");
}

}  // namespace
}  // namespace mtmi::ops
