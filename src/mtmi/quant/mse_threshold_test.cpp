#include "mtmi/quant/mse_threshold.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/quant/histograms_for_tests.h"

namespace mtmi::quant {
namespace {

struct Bin {
  double centre;
  double count;
};

std::vector<Bin> occupied_bins(const Histogram& histogram) {
  std::vector<Bin> bins;
  for (std::size_t k = 0; k < Histogram::kBins; ++k) {
    if (histogram.bins()[k] != 0) {
      bins.push_back({(static_cast<double>(k) + 0.5) * histogram.bin_width(),
                      static_cast<double>(histogram.bins()[k])});
    }
  }
  return bins;
}

double plain_error(const std::vector<Bin>& bins, float amax) {
  const double scale = amax / 127.0F;
  double error = 0;
  for (const Bin& bin : bins) {
    const double difference =
        bin.centre - scale * std::min(std::nearbyint(bin.centre / scale), 127.0);
    error += bin.count * (difference * difference);
  }
  return error;
}

std::size_t plain_candidate(const Histogram& histogram) {
  const std::vector<Bin> bins = occupied_bins(histogram);
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 128; i <= 2048; ++i) {
    const auto amax = static_cast<float>(static_cast<double>(i) * histogram.absmax() / 2048);
    const double error = plain_error(bins, amax);
    if (error <= least) {
      least = error;
      best = i;
    }
  }
  return best;
}

TEST(MseThreshold, ChoosesAsThePlainDefinition) {
  for (const Sample& sample : synthetic_activations(2000, 3)) {
    const Histogram histogram = histogram_of(sample.values);
    EXPECT_EQ(find_mse_candidate(histogram), plain_candidate(histogram)) << sample.name;
  }
}

TEST(MseThreshold, IsNeverWorseThanTheWholeRange) {
  for (const Sample& sample : synthetic_activations(50'000, 4)) {
    const Histogram histogram = histogram_of(sample.values);
    const std::vector<Bin> bins = occupied_bins(histogram);
    const float amax = mse_amax(find_mse_candidate(histogram), histogram.absmax());
    EXPECT_LE(plain_error(bins, amax), plain_error(bins, histogram.absmax())) << sample.name;
  }
}

TEST(QuantisationError, IsThatOfTheCentresOfTheBins) {
  for (const Sample& sample : synthetic_activations(5000, 6)) {
    const Histogram histogram = histogram_of(sample.values);
    const float amax = 0.7F * histogram.absmax();
    const double expected = plain_error(occupied_bins(histogram), amax);
    EXPECT_NEAR(quantisation_error(histogram, amax), expected, 1e-12 * expected) << sample.name;
  }
}

TEST(MseThreshold, CutsALongTailOff) {
  std::vector<float> values = synthetic_activations(100'000, 5).front().values;
  values[0] = 40.0F;  // of 100,000 with deviation 1
  const std::size_t candidate = find_mse_candidate(histogram_of(values));
  EXPECT_LT(mse_amax(candidate, 40.0F), 30.0F);
  EXPECT_GT(mse_amax(candidate, 40.0F), 4.0F);
}

}  // namespace
}  // namespace mtmi::quant
