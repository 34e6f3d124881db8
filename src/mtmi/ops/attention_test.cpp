#include "mtmi/ops/attention.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

TEST(Attention, HasOneRowPerQueryAndTheDepthOfTheValues) {
  EXPECT_EQ(inferred({"Attention", {f32({1, 2, 9, 4}), f32({1, 2, 5, 4}), f32({1, 2, 5, 7})}}),
            std::vector<std::string>{"f32[1,2,9,7]"});
}

TEST(Attention, ShapesThatDoNotFitAreRefused) {
  EXPECT_EQ(refusal({"Attention", {f32({1, 2, 9, 4}), f32({1, 2, 5, 3}), f32({1, 2, 5, 7})}}),
            "got k of shape [1,2,5,3], expected [b,h,m,d] with the b, h, d of q [1,2,9,4]");
  EXPECT_EQ(refusal({"Attention", {f32({1, 2, 9, 4}), f32({1, 2, 5, 4}), f32({1, 2, 6, 7})}}),
            "got v of shape [1,2,6,7], expected [b,h,m,dv] with the b, h, m of k [1,2,5,4]");
  EXPECT_EQ(refusal({"Attention", {f32({1, 2, 9, 4}), f32({1, 2, 0, 4}), f32({1, 2, 0, 7})}}),
            "got no keys, expected one or more");
}

}  // namespace
}  // namespace mtmi::ops
