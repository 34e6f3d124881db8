#include "mtmi/kernels/resize_ref.h"

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(ResampleAxisRef, IsASparseMatrixAlongTheAxis) {
  const AxisTaps taps{.first = {0, 2, 2, 3},
                      .indices = {0, 1, 1},
                      .weights = {0.25, 0.75, 2.0},
                      .offsets = {0.0, 7.0, 1.0}};
  const std::vector<double> src{4, 8, 12, 16};  // [1,2,2]
  std::vector<double> dst(6);
  resample_axis_ref({.outer = 1, .extent = 2, .inner = 2}, taps, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<double>{10, 14, 7, 7, 25, 33}));
}

TEST(SelectAlongAxisRef, CopiesOrFills) {
  const std::vector<std::int32_t> src{1, 2, 3, 4};  // [2,2,1]
  std::vector<std::int32_t> dst(6);
  const std::vector<std::int64_t> indices{1, -1, 0};
  select_along_axis_ref({.outer = 2, .extent = 2, .inner = 1}, indices, 9, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<std::int32_t>{2, 9, 1, 4, 9, 3}));
}

}  // namespace
}  // namespace mtmi::kernels
