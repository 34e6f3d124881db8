#include "mtmi/interp/movement.h"

#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

TEST(CopyOfBox, ReadsWithAnyStrides) {
  const Tensor src = counting(Shape{2, 3});
  const Tensor dst = copy_of_box(Shape{2, 2}, src, {.offset = 5, .strides = {-3, -2}});
  EXPECT_TRUE(bitwise_equal(dst, tensor<std::int32_t>({2, 2}, {5, 3, 2, 0})));
}

TEST(CopyBox, LeavesTheRestAlone) {
  Tensor dst(DType::Int32, Shape{2, 3});
  copy_box({2, 1}, dst, {.offset = 1, .strides = {3, 1}}, counting(Shape{2}), {0, {1, 1}});
  EXPECT_TRUE(bitwise_equal(dst, tensor<std::int32_t>({2, 3}, {0, 0, 0, 0, 1, 0})));
}

TEST(Take, AlongAnyAxis) {
  const Tensor src = counting(Shape{2, 3});
  const std::vector<std::int64_t> indices{2, 0};
  EXPECT_TRUE(bitwise_equal(take(src, 1, indices), tensor<std::int32_t>({2, 2}, {2, 0, 5, 3})));
  EXPECT_EQ(take(src, 0, {}).shape(), (Shape{0, 3}));
}

}  // namespace
}  // namespace mtmi::interp
