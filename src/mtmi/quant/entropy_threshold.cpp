#include "mtmi/quant/entropy_threshold.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "mtmi/core/assert.h"

namespace mtmi::quant {
namespace {

// Sums of 2,048 terms below 64 in float64 are exact to 1e-11: candidates that are further apart
// than this in any order of summation stand in the right order.
constexpr double kTolerance = 1e-9;

constexpr std::size_t kMostBins = kEntropyBins / kEntropyLevels;  // of a level

using Counts = std::array<std::uint64_t, kEntropyBins>;

/// ln x up to 1e-14, in a third of std::log's time. Pre: x is normal and > 0.
double about_log(double x) {
  constexpr std::uint64_t kRootOfHalf = 0x3FE6'A09E'667F'3BCD;  // its bits
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::int64_t exponent = static_cast<std::int64_t>(bits - kRootOfHalf) >> 52;
  const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52));
  // m in [sqrt(1/2), sqrt(2)): ln m = 2 artanh(s), with s^17 / 17 < 1e-14.
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double series = 1.0 / 15.0;
  for (const double factor :
       {1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0, 1.0}) {
    series = series * z + factor;
  }
  return static_cast<double>(exponent) * std::numbers::ln2 + 2.0 * s * series;
}

/// One level of one candidate.
struct Level {
  std::size_t first = 0;
  std::size_t end = 0;              ///< its bins are [first, end)
  std::uint64_t sum = 0;            ///< of h
  std::uint64_t with_outliers = 0;  ///< of P
  std::size_t occupied = 0;         ///< bins with P > 0
};

/// Sums over [0, j) of everything that the divergence of a candidate is made of.
class PrefixSums {
 public:
  explicit PrefixSums(const Counts& h) : h_(h), unevenness_((kMostBins + 1) * kEntropyBins) {
    for (std::size_t j = 0; j < kEntropyBins; ++j) {
      sum_[j + 1] = sum_[j] + h[j];
      occupied_[j + 1] = occupied_[j] + (h[j] != 0 ? 1U : 0U);
      entropy_[j + 1] = entropy_[j] + times_log(h[j]);
    }
    find_unevenness();
  }

  /// The level `l` of candidate `i`.
  [[nodiscard]] Level level(std::size_t i, std::size_t l) const noexcept {
    Level level;
    level.first = first_bin(i, l);
    level.end = first_bin(i, l + 1);
    level.sum = sum_[level.end] - sum_[level.first];
    level.occupied = occupied_[level.end] - occupied_[level.first];
    level.with_outliers = level.sum;
    if (level.end == i) {
      level.with_outliers += outliers(i);
      level.occupied += h_[i - 1] == 0 && outliers(i) != 0 ? 1U : 0U;
    }
    return level;
  }

  /// KL(i) up to kTolerance; infinite if i is left out, or if KL(i) is found to be above `limit`.
  ///
  /// It is the divergence of the levels' sums from one another, which only outliers cause, and the
  /// divergence inside each level from evenness. None of these is negative, so the first look at a
  /// candidate that cuts much off, or smooths much away, is mostly the last.
  [[nodiscard]] double divergence(std::size_t i, double limit) const {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const Level last = level(i, kEntropyLevels - 1);
    if (sum_[i] == 0 || (last.sum == 0 && last.with_outliers != 0)) {
      return kInfinity;
    }
    const auto total = static_cast<double>(sum_[kEntropyBins]);
    const double kept = static_cast<double>(sum_[i]) / total;
    const auto in_last = static_cast<double>(last.with_outliers);
    double sum = (total - in_last) * about_log(kept);  // total * KL, as far as it has been added up
    if (last.sum != 0) {
      sum += in_last * about_log(in_last * kept / static_cast<double>(last.sum)) + entropy_[i - 1] -
             entropy_[last.first] + times_log(h_[i - 1] + outliers(i)) -
             in_last * about_log(in_last / static_cast<double>(last.occupied));
    }
    for (std::size_t l = 0; l + 1 < kEntropyLevels; ++l) {
      const std::size_t first = first_bin(i, l);
      sum += unevenness_[(first_bin(i, l + 1) - first) * kEntropyBins + first];
      if (sum > limit * total) {
        return kInfinity;
      }
    }
    return sum / total;
  }

 private:
  /// The divergence from evenness of every run of at most kMostBins bins, as they are; 0 where
  /// fewer than two are occupied. Candidates share most of their levels, and logarithms are dear.
  void find_unevenness() {
    for (std::size_t size = 1; size <= kMostBins; ++size) {
      double* const of_size = unevenness_.data() + size * kEntropyBins;
      for (std::size_t first = 0; first + size <= kEntropyBins; ++first) {
        const std::size_t end = first + size;
        const auto occupied = static_cast<double>(occupied_[end] - occupied_[first]);
        const auto sum = static_cast<double>(sum_[end] - sum_[first]);
        of_size[first] = occupied > 1.0
                             ? entropy_[end] - entropy_[first] - sum * about_log(sum / occupied)
                             : 0.0;
      }
    }
  }

  /// n ln n.
  static double times_log(std::uint64_t n) noexcept {
    return n == 0 ? 0.0 : static_cast<double>(n) * about_log(static_cast<double>(n));
  }

  /// The first j with floor(kEntropyLevels * j / i) >= l.
  static std::size_t first_bin(std::size_t i, std::size_t l) noexcept {
    return (l * i + kEntropyLevels - 1) / kEntropyLevels;
  }

  [[nodiscard]] std::uint64_t outliers(std::size_t i) const noexcept {
    return sum_[kEntropyBins] - sum_[i];
  }

  const Counts& h_;
  std::array<std::uint64_t, kEntropyBins + 1> sum_{};
  std::array<std::size_t, kEntropyBins + 1> occupied_{};
  std::array<double, kEntropyBins + 1> entropy_{};
  std::vector<double> unevenness_;  // by the number of bins and the first of them
};

/// KL(i) to the bit as it is defined. Pre: i is not left out.
double defined_divergence(const Counts& h, const PrefixSums& sums, std::size_t i) {
  std::array<double, kEntropyBins> p{};
  std::array<double, kEntropyBins> q{};
  double sum_p = 0.0;
  double sum_q = 0.0;
  for (std::size_t l = 0; l < kEntropyLevels; ++l) {
    const Level level = sums.level(i, l);
    for (std::size_t j = level.first; j < level.end; ++j) {
      p[j] = static_cast<double>(h[j] + (j == i - 1 ? level.with_outliers - level.sum : 0));
      if (p[j] > 0.0) {
        q[j] = static_cast<double>(level.sum) / static_cast<double>(level.occupied);
      }
      sum_p += p[j];
      sum_q += q[j];
    }
  }
  double divergence = 0.0;
  for (std::size_t j = 0; j < i; ++j) {
    if (p[j] > 0.0) {
      const double share = p[j] / sum_p;
      divergence += share * std::log(share / (q[j] / sum_q));
    }
  }
  return divergence;
}

}  // namespace

std::size_t find_entropy_candidate(std::span<const std::uint64_t> counts) {
  MTMI_ASSERT(counts.size() == kEntropyBins && counts.back() != 0);
  Counts h{};
  std::copy(counts.begin(), counts.end(), h.begin());
  h[0] = h[1];
  const PrefixSums sums(h);

  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<double> about(kEntropyBins + 1, kInfinity);
  double least_about = kInfinity;
  const auto look_at = [&](std::size_t i) {
    about[i] = sums.divergence(i, least_about + 2 * kTolerance);
    least_about = std::min(least_about, about[i]);
  };
  constexpr std::size_t kStride = 32;  // a few first, spread out, so that most others end early
  for (std::size_t i = kEntropyLevels; i <= kEntropyBins; i += kStride) {
    look_at(i);
  }
  for (std::size_t i = kEntropyLevels; i <= kEntropyBins; ++i) {
    if (i % kStride != 0) {
      look_at(i);
    }
  }
  // Of those that may be the least, the definition decides.
  std::size_t best = kEntropyBins;
  double least = kInfinity;
  for (std::size_t i = kEntropyBins; i >= kEntropyLevels; --i) {
    if (about[i] <= least_about + 2 * kTolerance) {
      const double divergence = defined_divergence(h, sums, i);
      if (divergence < least) {
        least = divergence;
        best = i;
      }
    }
  }
  return best;
}

float entropy_amax(std::size_t candidate, float absmax) noexcept {
  return static_cast<float>((static_cast<double>(candidate) + 0.5) * absmax / kEntropyBins);
}

}  // namespace mtmi::quant
