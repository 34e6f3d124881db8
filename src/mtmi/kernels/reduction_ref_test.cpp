#include "mtmi/kernels/reduction_ref.h"

#include <vector>

#include <gtest/gtest.h>

#include "mtmi/kernels/broadcast.h"

namespace mtmi::kernels {
namespace {

template <class R, class T>
T reduced(std::initializer_list<T> values) {
  auto state = R::template init<T>();
  for (const T x : values) {
    state = R::step(state, static_cast<typename R::template Input<T>>(load(x)));
  }
  return R::template finish<T>(state, static_cast<std::int64_t>(values.size()));
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Reductions, AreTheirFormulas) {
  EXPECT_EQ((reduced<SumOf, float>({1, 2, -4})), -1.0F);
  EXPECT_EQ((reduced<SumOfMagnitudes, float>({1, 2, -4})), 7.0F);
  EXPECT_EQ((reduced<SumOfSquares, float>({1, 2, -4})), 21.0F);
  EXPECT_EQ((reduced<ProductOf, float>({1, 2, -4})), -8.0F);
  EXPECT_EQ((reduced<MeanOf, float>({1, 2, -5, 0})), -0.5F);
  EXPECT_EQ((reduced<LargestOf, float>({1, 2, -4})), 2.0F);
  EXPECT_EQ((reduced<SmallestOf, float>({1, 2, -4})), -4.0F);
  EXPECT_EQ((reduced<RootOfSquares, float>({3, -4})), 5.0F);
  EXPECT_FLOAT_EQ((reduced<LogOfSum, float>({3, 4})), std::log(7.0F));
  EXPECT_FLOAT_EQ((reduced<LogOfSumOfExp, float>({-1, 0, 2})),
                  std::log(std::exp(-1.0F) + 1.0F + std::exp(2.0F)));
}

TEST(Reductions, OverNothing) {
  EXPECT_EQ((reduced<SumOf, float>({})), 0.0F);
  EXPECT_EQ((reduced<ProductOf, std::int32_t>({})), 1);
  EXPECT_EQ((reduced<LargestOf, float>({})), -kInfinity);
  EXPECT_EQ((reduced<LargestOf, std::int8_t>({})), -128);
  EXPECT_EQ((reduced<SmallestOf, std::uint8_t>({})), 255);
  EXPECT_EQ((reduced<LogOfSumOfExp, float>({})), -kInfinity);
  EXPECT_TRUE(std::isnan(reduced<MeanOf, float>({})));
}

TEST(Reductions, IntegersWrapAndTruncate) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ((reduced<SumOf, std::int64_t>({kMin, -1})), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ((reduced<SumOfMagnitudes, std::int64_t>({kMin})), kMin);
  EXPECT_EQ((reduced<SumOf, std::int8_t>({100, 100})), -56);
  EXPECT_EQ((reduced<MeanOf, std::int32_t>({-3, 0})), -1);
  EXPECT_EQ((reduced<LogOfSum, std::int32_t>({0})), std::numeric_limits<std::int32_t>::min());
}

TEST(Reductions, LogOfSumOfExpStandsInfinities) {
  EXPECT_EQ((reduced<LogOfSumOfExp, float>({kInfinity, kInfinity})), kInfinity);
  EXPECT_EQ((reduced<LogOfSumOfExp, float>({-kInfinity, -kInfinity})), -kInfinity);
  EXPECT_FLOAT_EQ((reduced<LogOfSumOfExp, float>({1e4F, 1e4F})), 1e4F + std::log(2.0F));
}

TEST(Reductions, NanWins) {
  EXPECT_TRUE(std::isnan(reduced<LargestOf, float>({1.0F, std::nanf(""), 2.0F})));
  EXPECT_TRUE(std::isnan(reduced<SmallestOf, float>({1.0F, std::nanf(""), 0.0F})));
}

TEST(ReduceRef, SumsAlongTheAxesOfStrideZero) {
  const std::vector<std::int32_t> src{1, 2, 3, 4, 5, 6, 7, 8};  // [2,2,2]
  const Shape kept{1, 2, 1};
  std::vector<std::int64_t> states(2);
  reduce_ref<SumOf>(broadcast_loop<1>(Shape{2, 2, 2}, {&kept}), src.data(), states.data());
  EXPECT_EQ(states, (std::vector<std::int64_t>{1 + 2 + 5 + 6, 3 + 4 + 7 + 8}));
}

TEST(ArgExtremumRef, PicksTheFirstOrTheLast) {
  const std::vector<float> src{1, 5, 3, 5, 3, 1};  // [1,3,2]
  const AxisSplit split{.outer = 1, .extent = 3, .inner = 2};
  std::vector<std::int64_t> dst(2);
  arg_extremum_ref(split, true, false, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<std::int64_t>{1, 0}));
  arg_extremum_ref(split, true, true, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<std::int64_t>{2, 1}));
  arg_extremum_ref(split, false, false, src.data(), dst.data());
  EXPECT_EQ(dst, (std::vector<std::int64_t>{0, 2}));
}

}  // namespace
}  // namespace mtmi::kernels
