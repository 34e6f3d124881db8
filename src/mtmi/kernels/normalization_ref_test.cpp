#include "mtmi/kernels/normalization_ref.h"

#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(NormalizeRowsRef, BringsEveryRowToMeanZeroAndVarianceOne) {
  const std::vector<float> src{1, 3, 5, 7, -2, -2, 2, 2};
  std::vector<float> dst(8);
  std::vector<double> mean(2);
  std::vector<double> inv_std(2);
  normalize_rows_ref(2, 4, 4.0, src.data(), dst.data(), mean, inv_std);
  EXPECT_EQ(mean, (std::vector<double>{4.0, 0.0}));
  EXPECT_DOUBLE_EQ(inv_std[0], 1.0 / 3.0);  // variance 5, epsilon 4
  EXPECT_FLOAT_EQ(dst[0], -1.0F);
  EXPECT_FLOAT_EQ(dst[3], 1.0F);
  EXPECT_FLOAT_EQ(dst[7], 2.0F * static_cast<float>(inv_std[1]));
}

TEST(NormalizeRowsRef, IsExactFarFromZero) {
  const std::vector<float> src{1e6F, 1e6F + 1.0F};
  std::vector<float> dst(2);
  std::vector<double> mean(1);
  std::vector<double> inv_std(1);
  normalize_rows_ref(1, 2, 0.0, src.data(), dst.data(), mean, inv_std);
  EXPECT_EQ(dst, (std::vector<float>{-1.0F, 1.0F}));
}

TEST(BatchNormRef, AppliesItsChannelsParameters) {
  const std::vector<double> src{1, 2, 3, 4};  // [1,2,2]
  std::vector<double> dst(4);
  batch_norm_ref({.outer = 1, .extent = 2, .inner = 2},
                 1.0,
                 std::vector{2.0, 1.0},
                 std::vector{10.0, 0.0},
                 std::vector{1.0, 3.0},
                 std::vector{3.0, 0.0},
                 src.data(),
                 dst.data());
  EXPECT_EQ(dst, (std::vector<double>{10.0, 11.0, 0.0, 1.0}));
}

}  // namespace
}  // namespace mtmi::kernels
