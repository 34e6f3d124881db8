#include "mtmi/quant/entropy_threshold.h"

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/quant/histograms_for_tests.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::quant {
namespace {

/// The definition in plain words, bin by bin, candidate by candidate.
std::size_t plain_candidate(std::vector<std::uint64_t> h) {
  h[0] = h[1];
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 128; i <= 2048; ++i) {
    std::vector<double> p(i);
    std::vector<double> level_sum(128);
    std::vector<double> level_occupied(128);
    for (std::size_t j = 0; j < i; ++j) {
      p[j] = static_cast<double>(h[j]);
    }
    for (std::size_t j = i; j < 2048; ++j) {
      p[i - 1] += static_cast<double>(h[j]);
    }
    for (std::size_t j = 0; j < i; ++j) {
      level_sum[128 * j / i] += static_cast<double>(h[j]);
      level_occupied[128 * j / i] += p[j] > 0 ? 1 : 0;
    }
    std::vector<double> q(i);
    for (std::size_t j = 0; j < i; ++j) {
      q[j] = p[j] > 0 ? level_sum[128 * j / i] / level_occupied[128 * j / i] : 0;
    }
    const double sum_p = std::accumulate(p.begin(), p.end(), 0.0);
    const double sum_q = std::accumulate(q.begin(), q.end(), 0.0);
    bool possible = sum_q > 0;
    double kl = 0;
    for (std::size_t j = 0; j < i && possible; ++j) {
      possible = p[j] == 0 || q[j] > 0;
      if (p[j] > 0 && possible) {
        kl += p[j] / sum_p * std::log(p[j] / sum_p / (q[j] / sum_q));
      }
    }
    if (possible && kl <= least) {
      least = kl;
      best = i;
    }
  }
  return best;
}

TEST(EntropyThreshold, ChoosesAsThePlainDefinition) {
  for (const std::size_t count : {std::size_t{300}, std::size_t{5000}, std::size_t{200'000}}) {
    for (const Sample& sample : synthetic_activations(count, count)) {
      const auto counts = collapse(histogram_of(sample.values), kEntropyBins);
      EXPECT_EQ(find_entropy_candidate(counts), plain_candidate(counts))
          << sample.name << " of " << count;
    }
  }
}

TEST(EntropyThreshold, ChoosesAsThePlainDefinitionOnHistogramsWithHoles) {
  Random random(1);
  for (int trial = 0; trial < 60; ++trial) {
    std::vector<std::uint64_t> counts(kEntropyBins);
    const std::uint64_t bound = std::uint64_t{1} << random.below(40);
    const std::uint64_t sparsity = 1 + random.below(200);
    for (std::uint64_t& n : counts) {
      n = random.below(sparsity) == 0 ? random.below(bound + 1) : 0;
    }
    counts.back() = 1 + random.below(bound);
    EXPECT_EQ(find_entropy_candidate(counts), plain_candidate(counts)) << "trial " << trial;
  }
}

TEST(EntropyThreshold, OfEqualDivergencesTheWidestRangeWins) {
  std::vector<std::uint64_t> constant(kEntropyBins);  // one magnitude: only the last bin
  constant.back() = 1000;
  EXPECT_EQ(find_entropy_candidate(constant), kEntropyBins);
  std::vector<std::uint64_t> even(kEntropyBins, 10);  // i = 128 and i = 2048 lose nothing inside
  EXPECT_EQ(find_entropy_candidate(even), plain_candidate(even));
  EXPECT_EQ(find_entropy_candidate(even), kEntropyBins);
}

std::uint32_t scale_bits(std::size_t candidate, float absmax) {
  return std::bit_cast<std::uint32_t>(scale_of(entropy_amax(candidate, absmax)));
}

// Scales that stand in calibration caches which TensorRT wrote, of tensors whose largest magnitude
// is known.
TEST(EntropyThreshold, RangesHaveTheBitsOfPublishedCaches) {
  EXPECT_EQ(scale_bits(2048, 1.0F), 0x3C010A14U);
  EXPECT_EQ(scale_bits(2040, 1.0F), 0x3C008912U);
  EXPECT_EQ(scale_bits(2040, 255.0F / 256.0F), 0x3C000889U);
  EXPECT_EQ(scale_bits(1968, 1.0F), 0x3BF80000U);
}

}  // namespace
}  // namespace mtmi::quant
