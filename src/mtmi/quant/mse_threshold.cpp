#include "mtmi/quant/mse_threshold.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "mtmi/core/assert.h"
#include "mtmi/core/rounding.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::quant {
namespace {

constexpr int kLevels = 127;
constexpr double kTop = kLevels;
constexpr double kBeyondTop = kTop + 1.0;

double centre(std::size_t bin) {
  return static_cast<double>(bin) + 0.5;
}

double scale_in_bins(const Histogram& histogram, float amax) {
  return scale_of(amax) / histogram.bin_width();
}

/// Sums over bins, with which the error of a candidate takes one look per level.
class Moments {
 public:
  explicit Moments(std::span<const std::uint64_t> bins)
      : counts_(bins.size() + 1), firsts_(bins.size() + 1) {
    for (std::size_t k = bins.size(); k-- > 0;) {
      const auto n = static_cast<double>(bins[k]);
      counts_[k] = counts_[k + 1] + n;
      firsts_[k] = firsts_[k + 1] + n * centre(k);
      second_ += n * centre(k) * centre(k);
    }
  }

  /// Sum of count * centre^2.
  [[nodiscard]] double second() const noexcept { return second_; }

  /// The squared error of a scale, all in widths of bins. With m(c) the level of c, it is
  /// sum n c^2 - 2 s sum n c m + s^2 sum n m^2, and m = sum over l < m of 1, m^2 = sum of 2 l + 1.
  [[nodiscard]] double error(double scale) const noexcept {
    double with_level = 0.0;
    double with_square = 0.0;
    for (int l = 0; l < kLevels; ++l) {
      const std::size_t k = first_above((l + 0.5) * scale);
      with_level += firsts_[k];
      with_square += (2 * l + 1) * counts_[k];
    }
    return second_ - 2.0 * scale * with_level + scale * scale * with_square;
  }

 private:
  /// The first bin whose centre is not below `edge`.
  [[nodiscard]] std::size_t first_above(double edge) const noexcept {
    const double bin = std::ceil(edge - 0.5);
    return static_cast<std::size_t>(std::clamp(bin, 0.0, static_cast<double>(counts_.size() - 1)));
  }

  std::vector<double> counts_;  // of the bins from k on
  std::vector<double> firsts_;  // likewise, of count * centre
  double second_ = 0.0;
};

}  // namespace

double quantisation_error(const Histogram& histogram, float amax) {
  const double scale = scale_in_bins(histogram, amax);
  const auto bins = histogram.bins();
  double error = 0.0;  // in squares of widths of bins
  for (std::size_t k = 0; k < bins.size(); ++k) {
    if (bins[k] != 0) {
      const double level = std::min(round_to_even(std::min(centre(k) / scale, kBeyondTop)), kTop);
      const double difference = centre(k) - scale * level;
      error += static_cast<double>(bins[k]) * (difference * difference);
    }
  }
  return error * histogram.bin_width() * histogram.bin_width();
}

float mse_amax(std::size_t candidate, float absmax) noexcept {
  return static_cast<float>(static_cast<double>(candidate) * absmax / kMseSteps);
}

std::size_t find_mse_candidate(const Histogram& histogram) {
  MTMI_ASSERT(histogram.absmax() > 0.0F);
  const Moments moments(histogram.bins());
  std::vector<double> about(kMseSteps + 1, std::numeric_limits<double>::infinity());
  for (std::size_t i = kFirstMseCandidate; i <= kMseSteps; ++i) {
    about[i] = moments.error(scale_in_bins(histogram, mse_amax(i, histogram.absmax())));
  }
  // What 65,536 sums in float64 and the cancellation may be off by, generously; of the candidates
  // within it, the definition decides.
  const double least_about = *std::min_element(about.begin(), about.end());
  const double limit = least_about + 1e-6 * std::abs(least_about) + 1e-10 * moments.second();
  std::size_t best = kMseSteps;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = kMseSteps; i >= kFirstMseCandidate; --i) {
    if (about[i] <= limit) {
      const double error = quantisation_error(histogram, mse_amax(i, histogram.absmax()));
      if (error < least) {
        least = error;
        best = i;
      }
    }
  }
  return best;
}

}  // namespace mtmi::quant
