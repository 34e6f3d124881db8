#include "mtmi/kernels/cum_sum_ref.h"

#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

std::vector<std::int32_t> sums(bool exclusive, bool reverse) {
  const std::vector<std::int32_t> src{1, 10, 2, 20, 3, 30};  // [1,3,2]
  std::vector<std::int32_t> dst(6);
  cum_sum_ref({.outer = 1, .extent = 3, .inner = 2}, exclusive, reverse, src.data(), dst.data());
  return dst;
}

TEST(CumSumRef, RunsEitherWayWithOrWithoutItself) {
  EXPECT_EQ(sums(false, false), (std::vector<std::int32_t>{1, 10, 3, 30, 6, 60}));
  EXPECT_EQ(sums(true, false), (std::vector<std::int32_t>{0, 0, 1, 10, 3, 30}));
  EXPECT_EQ(sums(false, true), (std::vector<std::int32_t>{6, 60, 5, 50, 3, 30}));
  EXPECT_EQ(sums(true, true), (std::vector<std::int32_t>{5, 50, 3, 30, 0, 0}));
}

}  // namespace
}  // namespace mtmi::kernels
