#include "mtmi/kernels/attention_ref.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(AttentionRef, WeighsValuesBySoftmaxOfScaledProducts) {
  // Products of the query with the keys: 0 and 2; with scale ln(3) / 2 the weights are 1/4 and 3/4.
  const std::vector<double> q{1.0, 1.0};
  const std::vector<double> k{0.0, 0.0, 1.0, 1.0};
  const std::vector<double> v{4.0, 8.0, 12.0, 0.0, 40.0, 4.0};
  std::vector<double> dst(3);
  std::vector<double> scratch(5);
  attention_ref({.batch = 1, .queries = 1, .keys = 2, .depth = 2, .value_depth = 3},
                std::log(3.0) / 2.0,
                q.data(),
                k.data(),
                v.data(),
                dst.data(),
                scratch);
  EXPECT_NEAR(dst[0], 1.0, 1e-12);
  EXPECT_NEAR(dst[1], 32.0, 1e-12);
  EXPECT_NEAR(dst[2], 6.0, 1e-12);
}

TEST(AttentionRef, KeepsBatchesApart) {
  const std::vector<float> q{1.0F, 1.0F, 1.0F, 1.0F};  // [2,2,1]
  const std::vector<float> k{5.0F, -7.0F};             // [2,1,1]
  const std::vector<float> v{10.0F, 20.0F};            // [2,1,1]
  std::vector<float> dst(4);
  std::vector<double> scratch(2);
  attention_ref({.batch = 2, .queries = 2, .keys = 1, .depth = 1, .value_depth = 1},
                1.0,
                q.data(),
                k.data(),
                v.data(),
                dst.data(),
                scratch);
  EXPECT_EQ(dst, (std::vector<float>{10.0F, 10.0F, 20.0F, 20.0F}));
}

}  // namespace
}  // namespace mtmi::kernels
