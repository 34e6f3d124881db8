#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

TEST(GridSample, HasTheExtentsOfTheGrid) {
  EXPECT_EQ(inferred({"GridSample", {f32({2, 3, 8, 9}), f32({2, 4, 5, 2})}}),
            Types{"f32[2,3,4,5]"});
  EXPECT_EQ(inferred({"GridSample", {f32({1, 3, 8, 9, 7}), f32({1, 4, 5, 6, 3})}}),
            Types{"f32[1,3,4,5,6]"});
}

TEST(GridSample, ContradictionsAreRefused) {
  EXPECT_EQ(refusal({"GridSample", {f32({2, 3, 8, 9}), f32({2, 4, 5, 3})}}),
            "got a grid of shape [2,4,5,3], expected [2,...,2]");
  EXPECT_EQ(refusal({"GridSample", {f32({2, 3, 8, 9}), f32({1, 4, 5, 2})}}),
            "got a grid of shape [1,4,5,2], expected [2,...,2]");
  EXPECT_EQ(refusal({"GridSample", {f32({2, 3, 0, 9}), f32({2, 4, 5, 2})}}),
            "got a source of shape [2,3,0,9], expected spatial extents of 1 or more");
  EXPECT_EQ(refusal({"GridSample",
                     {f32({2, 3, 8, 9}), f32({2, 4, 5, 2})},
                     {{"padding_mode", std::string("wrap")}}}),
            "got padding_mode 'wrap', expected zeros or border or reflection");
}

}  // namespace
}  // namespace mtmi::ops
