#include "mtmi/core/axis_split.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(AxisSplit, GroupsTheExtents) {
  const Shape shape{2, 3, 4, 5};
  EXPECT_EQ(split_at_axis(shape, 1), (AxisSplit{2, 3, 20}));
  EXPECT_EQ(split_at_axes(shape, 1, 3), (AxisSplit{2, 12, 5}));
  EXPECT_EQ(split_at_axes(shape, 4, 4), (AxisSplit{120, 1, 1}));
}

TEST(AxisSplit, OfAScalarIsOneElement) {
  EXPECT_EQ(split_at_axes(Shape{}, 0, 0), (AxisSplit{1, 1, 1}));
}

}  // namespace
}  // namespace mtmi
