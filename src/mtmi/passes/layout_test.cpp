#include "mtmi/passes/layout.h"

#include <array>

#include <gtest/gtest.h>

namespace mtmi::passes {
namespace {

using Permutation = std::vector<int>;

TEST(Layout, PairsThatUndoEachOtherAreNothing) {
  Layout layout(Shape{1, 3, 4, 5});
  layout.transpose(std::array{0, 2, 3, 1});
  ASSERT_TRUE(layout.reshape(Shape{1, 20, 3}));
  layout.transpose(std::array{0, 2, 1});
  ASSERT_TRUE(layout.reshape(Shape{1, 3, 4, 5}));
  EXPECT_EQ(layout.steps().count(), 0);
}

TEST(Layout, MapToTokensTransposesBeforeItReshapes) {
  Layout layout(Shape{1, 3, 4, 5});
  ASSERT_TRUE(layout.reshape(Shape{1, 3, 20}));
  layout.transpose(std::array{0, 2, 1});
  const Layout::Steps steps = layout.steps();
  EXPECT_EQ(steps.split, std::nullopt);
  EXPECT_EQ(steps.permutation, (Permutation{0, 2, 3, 1}));
  EXPECT_EQ(steps.merge, (Shape{1, 20, 3}));
}

TEST(Layout, TokensToMapReshapesBeforeItTransposes) {
  Layout layout(Shape{1, 20, 3});
  layout.transpose(std::array{0, 2, 1});
  ASSERT_TRUE(layout.reshape(Shape{1, 3, 4, 5}));
  const Layout::Steps steps = layout.steps();
  EXPECT_EQ(steps.split, (Shape{1, 4, 5, 3}));
  EXPECT_EQ(steps.permutation, (Permutation{0, 3, 1, 2}));
  EXPECT_EQ(steps.merge, std::nullopt);
}

TEST(Layout, TransposingAnAxisOfOneIsAReshape) {
  Layout layout(Shape{1, 20, 1, 32});
  layout.transpose(std::array{0, 2, 1, 3});
  const Layout::Steps steps = layout.steps();
  EXPECT_TRUE(steps.permutation.empty());
  EXPECT_EQ(steps.merge, (Shape{1, 1, 20, 32}));
}

TEST(Layout, HeadsAreSplitOffAndPutTogether) {
  Layout split(Shape{1, 20, 64});
  ASSERT_TRUE(split.reshape(Shape{1, 20, 2, 32}));
  split.transpose(std::array{0, 2, 3, 1});
  split.transpose(std::array{0, 1, 3, 2});
  EXPECT_EQ(split.steps().split, (Shape{1, 20, 2, 32}));
  EXPECT_EQ(split.steps().permutation, (Permutation{0, 2, 1, 3}));
  EXPECT_EQ(split.steps().merge, std::nullopt);

  Layout merged(Shape{1, 2, 20, 32});
  merged.transpose(std::array{0, 2, 1, 3});
  ASSERT_TRUE(merged.reshape(Shape{1, 20, 64}));
  EXPECT_EQ(merged.steps().permutation, (Permutation{0, 2, 1, 3}));
  EXPECT_EQ(merged.steps().merge, (Shape{1, 20, 64}));
}

TEST(Layout, ThreeStepsWhereBothEndsCutAcrossTheFactors) {
  Layout layout(Shape{6, 4});
  ASSERT_TRUE(layout.reshape(Shape{2, 3, 4}));
  layout.transpose(std::array{1, 0, 2});
  ASSERT_TRUE(layout.reshape(Shape{6, 4}));
  EXPECT_EQ(layout.steps().count(), 3);
  EXPECT_EQ(layout.steps().permutation, (Permutation{1, 0, 2}));
}

TEST(Layout, AReshapeAcrossFactorsIsRefused) {
  Layout layout(Shape{2, 3});
  layout.transpose(std::array{1, 0});
  EXPECT_FALSE(layout.reshape(Shape{2, 3}));
  EXPECT_EQ(layout.shape(), (Shape{3, 2}));
  EXPECT_TRUE(layout.reshape(Shape{3, 1, 2}));
}

}  // namespace
}  // namespace mtmi::passes
