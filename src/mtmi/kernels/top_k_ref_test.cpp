#include "mtmi/kernels/top_k_ref.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(TopKRef, SortsEveryLineStably) {
  const std::vector<float> src{1, 9, 3, 8, 3, 7};  // [1,3,2]
  std::vector<float> dst(4);
  std::vector<std::int64_t> indices(4);
  std::vector<std::int64_t> order(3);
  const AxisSplit split{.outer = 1, .extent = 3, .inner = 2};
  top_k_ref(split, 2, true, src.data(), dst.data(), indices.data(), order);
  EXPECT_EQ(dst, (std::vector<float>{3, 9, 3, 8}));
  EXPECT_EQ(indices, (std::vector<std::int64_t>{1, 0, 2, 1}));
  top_k_ref(split, 2, false, src.data(), dst.data(), indices.data(), order);
  EXPECT_EQ(dst, (std::vector<float>{1, 7, 3, 8}));
}

TEST(TopKRef, NanIsTheLargest) {
  const std::vector<float> src{1, std::nanf(""), 3};
  std::vector<float> dst(3);
  std::vector<std::int64_t> order(3);
  top_k_ref<float>(
      {.outer = 1, .extent = 3, .inner = 1}, 3, true, src.data(), dst.data(), nullptr, order);
  EXPECT_TRUE(std::isnan(dst[0]));
  EXPECT_EQ(dst[1], 3.0F);
}

}  // namespace
}  // namespace mtmi::kernels
