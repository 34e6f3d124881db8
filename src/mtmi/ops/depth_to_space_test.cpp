#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

Attributes block(std::int64_t size) {
  return {{"blocksize", size}};
}

TEST(DepthToSpace, TradesChannelsForPositions) {
  EXPECT_EQ(inferred({"DepthToSpace", {f32({1, 8, 2, 3})}, block(2)}), Types{"f32[1,2,4,6]"});
  EXPECT_EQ(inferred({"SpaceToDepth", {f32({1, 2, 4, 6})}, block(2)}), Types{"f32[1,8,2,3]"});
}

TEST(DepthToSpace, BlocksMustFit) {
  EXPECT_EQ(refusal({"DepthToSpace", {f32({1, 6, 2, 3})}, block(2)}),
            "got 6 channels, expected a multiple of 4");
  EXPECT_EQ(refusal({"DepthToSpace", {f32({1, 6, 2, 3})}}), "got blocksize 0, expected 1 or more");
  EXPECT_EQ(refusal({"DepthToSpace", {f32({6, 2, 3})}, block(2)}),
            "got shape [6,2,3], expected 4 axes");
  EXPECT_EQ(refusal({"DepthToSpace", {f32({1, 4, 2, 3})}, block(std::int64_t{1} << 40)}),
            "the result is too large: 1099511627776 * 1099511627776 does not fit into 64 bits");
  EXPECT_EQ(refusal({"SpaceToDepth", {f32({1, 2, 4, 5})}, block(2)}),
            "got shape [1,2,4,5], expected a height and a width that are multiples of 2");
}

}  // namespace
}  // namespace mtmi::ops
