#include "mtmi/kernels/strided_loop.h"

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

using Extents = std::vector<std::int64_t>;

StridedLoop<2> dense_copy(const Shape& shape) {
  return {shape.extents(), {dense_strides(shape), dense_strides(shape)}};
}

TEST(StridedLoop, DenseCollapsesToOneAxis) {
  const StridedLoop<2> loop = collapsed(dense_copy(Shape{2, 1, 3, 4}));
  EXPECT_EQ(loop.extents, (Extents{24}));
  EXPECT_EQ(loop.strides[1], (Extents{1}));
}

TEST(StridedLoop, OnlyAxesThatRunOnInEveryTensorMerge) {
  const StridedLoop<2> loop = collapsed(StridedLoop<2>{{2, 3, 4}, {{{12, 4, 1}, {0, 4, 1}}}});
  EXPECT_EQ(loop.extents, (Extents{2, 12}));
  EXPECT_EQ(loop.strides[0], (Extents{12, 1}));
  EXPECT_EQ(loop.strides[1], (Extents{0, 1}));
}

TEST(StridedLoop, AxesBehindADroppedOneMerge) {
  const StridedLoop<1> loop = collapsed(StridedLoop<1>{{2, 1, 3}, {{{3, 77, 1}}}});
  EXPECT_EQ(loop.extents, (Extents{6}));
}

TEST(StridedLoop, ScalarIsOneRowOfOneElement) {
  int rows = 0;
  for_each_row(collapsed(dense_copy(Shape{})), [&rows](const auto&) { ++rows; });
  EXPECT_EQ(rows, 1);
}

TEST(StridedLoop, NothingIsWalkedWhereAnExtentIsZero) {
  int rows = 0;
  for_each_row(collapsed(dense_copy(Shape{5, 0, 3})), [&rows](const auto&) { ++rows; });
  EXPECT_EQ(rows, 0);
}

TEST(StridedLoop, RowsComeInRowMajorOrder) {
  const StridedLoop<1> loop = collapsed(StridedLoop<1>{{2, 3, 4}, {{{-100, 10, 1}}}});
  Extents offsets;
  for_each_row(loop, [&offsets](const auto& at) { offsets.push_back(at[0]); });
  EXPECT_EQ(offsets, (Extents{0, 10, 20, -100, -90, -80}));
}

}  // namespace
}  // namespace mtmi::kernels
