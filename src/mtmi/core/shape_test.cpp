#include "mtmi/shape.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

TEST(Shape, ScalarHasOneElement) {
  EXPECT_EQ(Shape{}.num_elements(), 1);
}

TEST(Shape, NegativeAxisCountsFromTheInnermost) {
  EXPECT_EQ((Shape{2, 3, 5}[-1]), 5);
}

TEST(Shape, NegativeExtentIsRefused) {
  EXPECT_THROW((Shape{2, -1}), Error);
}

TEST(Shape, OverflowingProductIsRefused) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 40;
  EXPECT_THROW((Shape{kHuge, kHuge}), Error);
  EXPECT_THROW((Shape{0, kHuge, kHuge}), Error);  // a zero does not excuse the rest
}

TEST(Shape, BytesOfTheLargestFitIntoSixtyThreeBits) {
  constexpr std::int64_t kTooMany = std::int64_t{1} << 60;
  EXPECT_THROW((Shape{kTooMany}), Error);
  EXPECT_GT((Shape{kTooMany - 1}.num_elements() * 8), 0);
}

TEST(Shape, PrintsAsAList) {
  EXPECT_EQ(to_string(Shape{1, 3, 224, 224}), "[1,3,224,224]");
}

}  // namespace
}  // namespace mtmi
