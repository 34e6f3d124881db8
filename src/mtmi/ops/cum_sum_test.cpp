#include "mtmi/ops/cum_sum.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

TEST(CumSum, KeepsTheTypeAndChecksTheAxis) {
  EXPECT_EQ(inferred({"CumSum", {f32({2, 5}), ints({-1})}}), std::vector<std::string>{"f32[2,5]"});
  EXPECT_EQ(refusal({"CumSum", {f32({2, 5}), ints({2})}}), "got axis 2, expected one from -2 to 1");
  EXPECT_EQ(refusal({"CumSum", {f32({2, 5}), ints({0, 1})}}), "got axes [0,1], expected one axis");
}

}  // namespace
}  // namespace mtmi::ops
