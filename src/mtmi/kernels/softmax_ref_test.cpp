#include "mtmi/kernels/softmax_ref.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(SoftmaxRef, NormalisesEachLineAlongTheAxis) {
  const double l2 = std::log(2.0);
  const std::vector<double> src{0.0, 0.0, l2, 0.0, l2, l2 * 2.0};  // [3,2]
  std::vector<double> dst(6);
  softmax_ref({.outer = 1, .extent = 3, .inner = 2}, src.data(), dst.data());
  const std::vector<double> expected{0.2, 1.0 / 6, 0.4, 1.0 / 6, 0.4, 4.0 / 6};
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(dst[i], expected[i], 1e-15);
  }
}

TEST(SoftmaxRef, DoesNotOverflow) {
  const std::vector<float> src{1e30F, 1e30F, -std::numeric_limits<float>::infinity()};
  std::vector<float> dst(3);
  softmax_ref({.outer = 1, .extent = 3, .inner = 1}, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<float>{0.5F, 0.5F, 0.0F}));
}

TEST(LogSoftmaxRef, IsTheLogarithmWithoutUnderflow) {
  const std::vector<double> src{0.0, -1000.0};
  std::vector<double> dst(2);
  log_softmax_ref({.outer = 1, .extent = 2, .inner = 1}, src.data(), dst.data());
  EXPECT_EQ(dst[0], 0.0);
  EXPECT_EQ(dst[1], -1000.0);
}

}  // namespace
}  // namespace mtmi::kernels
