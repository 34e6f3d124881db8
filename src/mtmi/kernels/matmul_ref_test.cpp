#include "mtmi/kernels/matmul_ref.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(MatMulRef, MultipliesTransposedViews) {
  const std::vector<float> a{1, 2, 3, 4, 5, 6};   // [2,3]
  const std::vector<float> b{1, 0, 2, -1, 1, 3};  // [2,3], read as its transpose [3,2]
  std::vector<float> dst(4);
  matmul_ref<float>(2,
                    3,
                    2,
                    0.5,
                    {.data = a.data(), .row_stride = 3},
                    {.data = b.data(), .row_stride = 1, .column_stride = 3},
                    dst.data());
  EXPECT_EQ(dst, (std::vector<float>{3.5F, 5.0F, 8.0F, 9.5F}));
}

TEST(MatMulRef, IsRightBeyondOneBlockOfColumns) {
  constexpr std::int64_t kColumns = 130;
  const std::vector<double> a{2.0, 1.0};
  std::vector<double> b(2 * kColumns);
  for (std::size_t i = 0; i < b.size(); ++i) {
    b[i] = static_cast<double>(i);
  }
  std::vector<double> dst(kColumns);
  matmul_ref<double>(1,
                     2,
                     kColumns,
                     1.0,
                     {.data = a.data(), .row_stride = 2},
                     {.data = b.data(), .row_stride = kColumns},
                     dst.data());
  for (std::size_t i = 0; i < dst.size(); ++i) {
    EXPECT_EQ(dst[i], 3.0 * static_cast<double>(i) + static_cast<double>(kColumns));
  }
}

TEST(MatMulRef, IntegersWrapAround) {
  const std::int32_t big = std::numeric_limits<std::int32_t>::max();
  const std::int32_t two = 2;
  std::int32_t dst = 0;
  matmul_ref<std::int32_t>(1, 1, 1, 1.0, {&big, 1, 1}, {&two, 1, 1}, &dst);
  EXPECT_EQ(dst, -2);
}

TEST(MatMulRef, TheSumOverNothingIsZero) {
  float dst = 7.0F;
  matmul_ref<float>(1, 0, 1, 1.0, {nullptr, 0, 1}, {nullptr, 1, 1}, &dst);
  EXPECT_EQ(dst, 0.0F);
}

}  // namespace
}  // namespace mtmi::kernels
