#include "mtmi/quant/threshold.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/quant/histograms_for_tests.h"

namespace mtmi::quant {
namespace {

constexpr Method kMethods[]{Method::Entropy, Method::MinMax, Method::Percentile, Method::Mse};

/// Signal to quantisation noise of the values themselves [dB].
double sqnr(const std::vector<float>& values, float scale) {
  double signal = 0;
  double noise = 0;
  for (const float value : values) {
    const double level = std::clamp(std::nearbyint(double{value} / scale), -128.0, 127.0);
    signal += double{value} * value;
    noise += (value - level * scale) * (value - level * scale);
  }
  return 10 * std::log10(signal / noise);
}

TEST(Threshold, EntropyAndMseLoseAtMostOneDecibelAgainstMinMax) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    for (const Sample& sample : synthetic_activations(100'000, seed)) {
      const Histogram histogram = histogram_of(sample.values);
      const double whole = sqnr(sample.values, find_scale(histogram, {Method::MinMax}).scale);
      for (const Method method : {Method::Entropy, Method::Mse}) {
        const TensorScale scale = find_scale(histogram, {method});
        const double found = sqnr(sample.values, scale.scale);
        EXPECT_NEAR(sqnr_db(histogram, scale.amax), found, 0.2) << sample.name;
        // Where most lies far from zero, entropy itself cuts it off; its loss is told to the user.
        if (sample.name != "two humps" || method != Method::Entropy) {
          EXPECT_GE(found, whole - 1.0) << sample.name << ", " << to_string(method);
        }
      }
    }
  }
}

TEST(Threshold, MinMaxIsTheLargestMagnitudeToTheBit) {
  for (const auto& [absmax, bits] : {std::pair(1.0F, 0x3C010204U),
                                     std::pair(2.0F, 0x3C810204U),
                                     std::pair(4.0F, 0x3D010204U),
                                     std::pair(127.0F, 0x3F800000U),
                                     std::pair(255.0F, 0x40008102U)}) {
    const Histogram histogram = histogram_of({0.1F, -absmax, 0.0F});
    EXPECT_EQ(find_amax(histogram, {Method::MinMax}), absmax);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(find_scale(histogram, {Method::MinMax}).scale), bits);
  }
}

TEST(Threshold, PercentileLeavesThatShareOfTheValuesInside) {
  for (const Sample& sample : synthetic_activations(20'000, 6)) {
    const Histogram histogram = histogram_of(sample.values);
    std::vector<double> sorted(sample.values.size());
    std::transform(sample.values.begin(), sample.values.end(), sorted.begin(), [](float value) {
      return std::abs(double{value});
    });
    std::sort(sorted.begin(), sorted.end());
    for (const double percentile : {100.0, 99.99, 99.9, 90.0}) {
      const double share = std::ceil(percentile / 100.0 * static_cast<double>(sorted.size()));
      const double last_inside = sorted[static_cast<std::size_t>(share) - 1];
      const double edge =  // of the bin that this value lies in
          (std::floor(last_inside / histogram.bin_width()) + 1) * histogram.bin_width();
      EXPECT_EQ(find_amax(histogram, {Method::Percentile, percentile}),
                static_cast<float>(std::min(edge, double{histogram.absmax()})))
          << sample.name << " at " << percentile;
    }
  }
}

TEST(Threshold, PercentileOfAlmostNothingButZerosIsNotZero) {
  std::vector<float> values(100'000);
  values[7] = 3.0F;
  EXPECT_EQ(find_amax(histogram_of(values), {Method::Percentile, 99.0}), 3.0F);
}

TEST(Threshold, DeadTensorGetsTheRangeOne) {
  for (const std::vector<float>& values :
       {std::vector<float>(10), std::vector{1e-40F, 0.0F}, std::vector{-1e-34F}}) {
    for (const Method method : kMethods) {
      const TensorScale scale = find_scale(histogram_of(values), {method});
      EXPECT_EQ(scale.source, ScaleSource::Dead);
      EXPECT_EQ(scale.amax, 1.0F);
      EXPECT_EQ(std::bit_cast<std::uint32_t>(scale.scale), 0x3C010204U);
    }
  }
}

TEST(Threshold, EveryMethodGivesAUsableScaleAtBothEndsOfFloat32) {
  Random random(8);
  for (const float absmax : {kDeadBelow, 1e-30F, 1.0F, 1e30F, std::numeric_limits<float>::max()}) {
    std::vector<float> values{absmax};
    for (int i = 0; i < 1000; ++i) {
      values.push_back(random.uniform() * (absmax * (i % 2 == 0 ? 1.0F : 1e-6F)));
    }
    for (const Method method : kMethods) {
      const TensorScale scale = find_scale(histogram_of(values), {method, 50.0});
      EXPECT_EQ(find_defect(scale.scale), "") << absmax << ", " << to_string(method);
      EXPECT_EQ(scale.source, ScaleSource::Calibrated);
      EXPECT_EQ(scale.scale, scale_of(scale.amax));
    }
  }
}

TEST(Threshold, TheTableKeepsTheLargestMagnitudeAndAHistogram) {
  const std::vector<float> values{0.0F, 0.25F, -1.0F, 0.99F};
  const TensorScale scale = find_scale(histogram_of(values), {Method::MinMax});
  EXPECT_EQ(scale.absmax, 1.0F);
  ASSERT_EQ(scale.histogram.size(), kHistogramBins);
  EXPECT_EQ(scale.histogram.front(), 1U);
  EXPECT_EQ(scale.histogram.back(), 2U);
  EXPECT_EQ(std::accumulate(scale.histogram.begin(), scale.histogram.end(), std::uint64_t{0}), 4U);
  EXPECT_TRUE(find_scale(histogram_of({0.0F}), {Method::MinMax}).histogram.empty());
}

}  // namespace
}  // namespace mtmi::quant
