#include "mtmi/kernels/pooling_ref.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

const Window kPaddedPair{
    .in = 3, .out = 4, .kernel = 2, .stride = 1, .dilation = 1, .pad_begin = 1, .pad_end = 1};

TEST(AveragePoolRef, DividesByTheTapsThatCount) {
  const PoolProblem p{.planes = 1, .windows = {Window{}, Window{}, kPaddedPair}};
  const std::vector<float> src{2, 4, 8};
  std::vector<float> dst(4);
  average_pool_ref(p, false, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<float>{2, 3, 6, 8}));
  average_pool_ref(p, true, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<float>{1, 3, 6, 4}));
}

TEST(AveragePoolRef, TapsBeyondThePaddingNeverCount) {
  // The window at 2 covers elements 2 and 3, and 3 is neither source nor padding.
  const PoolProblem p{
      .planes = 1,
      .windows = {Window{}, Window{}, Window{.in = 3, .out = 2, .kernel = 2, .stride = 2}}};
  const std::vector<double> src{2, 4, 8};
  std::vector<double> dst(2);
  average_pool_ref(p, true, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<double>{3, 8}));
}

TEST(AveragePoolRef, IsZeroOverPaddingAlone) {
  const PoolProblem p{
      .planes = 1,
      .windows = {Window{}, Window{}, Window{.in = 1, .out = 3, .kernel = 1, .pad_begin = 1}}};
  const float src = 5.0F;
  std::vector<float> dst(3);
  average_pool_ref(p, false, &src, dst.data());
  EXPECT_EQ(dst, (std::vector<float>{0, 5, 0}));
}

TEST(MaxPoolRef, FindsTheFirstOfTheLargest) {
  const PoolProblem p{.planes = 2,
                      .windows = {Window{},
                                  Window{.in = 2, .out = 1, .kernel = 2},
                                  Window{.in = 3, .out = 2, .kernel = 2}}};
  const std::vector<std::int8_t> src{1, 7, 2, 3, 7, 9, -5, -6, -7, -8, -4, -4};
  std::vector<std::int8_t> dst(4);
  std::vector<std::int64_t> indices(4);
  max_pool_ref(p, false, src.data(), dst.data(), indices.data());
  EXPECT_EQ(dst, (std::vector<std::int8_t>{7, 9, -4, -4}));
  EXPECT_EQ(indices, (std::vector<std::int64_t>{1, 5, 10, 10}));
  max_pool_ref(p, true, src.data(), dst.data(), indices.data());
  EXPECT_EQ(indices, (std::vector<std::int64_t>{2, 5, 9, 9}));
}

TEST(MaxPoolRef, PaddingIsNeverTheLargest) {
  const PoolProblem p{.planes = 1, .windows = {Window{}, Window{}, kPaddedPair}};
  const std::vector<float> src{-3, -2, -1};
  std::vector<float> dst(4);
  max_pool_ref(p, false, src.data(), dst.data(), nullptr);
  EXPECT_EQ(dst, (std::vector<float>{-3, -2, -1, -1}));
}

}  // namespace
}  // namespace mtmi::kernels
