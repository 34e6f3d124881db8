#include "mtmi/backends/cpu/lower/axis_order.h"

#include <gtest/gtest.h>

namespace mtmi::cpu {
namespace {

using Perm = std::vector<std::int64_t>;

TEST(AxisOrder, TokensOfAChannelsLastMapAreAView) {
  AxisOrder order(Shape{1, 4, 6, 32});  // [n,h,w,c]
  order.transpose({0, 3, 1, 2});
  ASSERT_TRUE(order.view(Shape{1, 32, 24}));
  order.transpose({0, 2, 1});
  EXPECT_TRUE(order.steps().perm.empty());
}

TEST(AxisOrder, KeepsTheAxesOfTheResult) {
  AxisOrder order(Shape{1, 4, 6, 32});
  order.transpose({0, 3, 1, 2});
  EXPECT_EQ(order.steps().split, (Shape{1, 4, 6, 32}));
  EXPECT_EQ(order.steps().perm, (Perm{0, 3, 1, 2}));
}

TEST(AxisOrder, SplitsWhereHeadsBegin) {
  AxisOrder order(Shape{1, 10, 64});
  ASSERT_TRUE(order.view(Shape{1, 10, 2, 32}));
  order.transpose({0, 2, 1, 3});
  EXPECT_EQ(order.steps().split, (Shape{1, 10, 2, 32}));
  EXPECT_EQ(order.steps().perm, (Perm{0, 2, 1, 3}));
}

TEST(AxisOrder, TwoTransposesThatUndoEachOtherAreAView) {
  AxisOrder order(Shape{3, 4, 5});
  order.transpose({2, 0, 1});
  order.transpose({1, 2, 0});
  EXPECT_TRUE(order.steps().perm.empty());
}

TEST(AxisOrder, RefusesAViewThatCutsAcrossFactors) {
  AxisOrder order(Shape{2, 3});
  order.transpose({1, 0});
  EXPECT_FALSE(order.view(Shape{2, 3}));
}

}  // namespace
}  // namespace mtmi::cpu
