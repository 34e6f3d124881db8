#include "mtmi/kernels/broadcast.h"

#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

std::vector<int> outer_sum(const Shape& dst, const Shape& a, const Shape& b) {
  std::vector<int> x(static_cast<std::size_t>(a.num_elements()));
  std::vector<int> y(static_cast<std::size_t>(b.num_elements()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<int>(i) + 1;
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] = 10 * (static_cast<int>(i) + 1);
  }
  std::vector<int> sum(static_cast<std::size_t>(dst.num_elements()));
  const auto loop = broadcast_loop<2>(dst, {&a, &b});
  map(loop, sum.data(), x.data(), y.data(), [](int p, int q) { return p + q; });
  return sum;
}

TEST(MapBroadcast, EqualShapesAreOneRow) {
  const Shape shape{2, 2};
  EXPECT_EQ(broadcast_loop<2>(shape, {&shape, &shape}).extents, (std::vector<std::int64_t>{4}));
  EXPECT_EQ(outer_sum(shape, shape, shape), (std::vector<int>{11, 22, 33, 44}));
}

TEST(MapBroadcast, EitherSideRepeats) {
  EXPECT_EQ(outer_sum(Shape{2, 3}, Shape{2, 1}, Shape{3}),
            (std::vector<int>{11, 21, 31, 12, 22, 32}));
  EXPECT_EQ(outer_sum(Shape{2, 3}, Shape{3}, Shape{2, 1}),
            (std::vector<int>{11, 12, 13, 21, 22, 23}));
  EXPECT_EQ(outer_sum(Shape{3}, Shape{3}, Shape{}), (std::vector<int>{11, 12, 13}));
}

TEST(MapBroadcast, HalfIsRoundedOnce) {
  const std::vector<Float16> one{to_float16(1.0F)};
  const Shape shape{1};
  std::vector<Float16> dst(1);
  // 1 + 2^-11 + 2^-12 lies between two halves; rounding 1 + 2^-11 first would lose the rest.
  map(broadcast_loop<2>(shape, {&shape, &shape}),
      dst.data(),
      one.data(),
      one.data(),
      [](float a, float b) { return a + b * 0x1p-11F + 0x1p-12F; });
  EXPECT_EQ(to_float(dst[0]), 1.0F + 0x1p-10F);
}

}  // namespace
}  // namespace mtmi::kernels
