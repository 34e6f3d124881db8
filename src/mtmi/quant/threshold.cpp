#include "mtmi/quant/threshold.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "mtmi/core/assert.h"
#include "mtmi/quant/entropy_threshold.h"
#include "mtmi/quant/mse_threshold.h"

namespace mtmi::quant {
namespace {

float percentile_amax(const Histogram& histogram, double percentile) {
  MTMI_ASSERT(percentile > 0.0 && percentile <= 100.0);
  const double wanted = std::ceil(percentile / 100.0 * static_cast<double>(histogram.count()));
  std::uint64_t seen = histogram.zeros();
  for (std::size_t k = 0; k < Histogram::kBins; ++k) {
    const std::uint64_t here = histogram.bins()[k];
    seen += here;
    if (here != 0 && static_cast<double>(seen) >= wanted) {
      const auto edge = static_cast<float>(static_cast<double>(k + 1) * histogram.bin_width());
      return std::min(edge, histogram.absmax());
    }
  }
  return histogram.absmax();
}

float entropy_amax_of(const Histogram& histogram) {
  const float absmax = histogram.absmax();
  const float amax =
      entropy_amax(find_entropy_candidate(collapse(histogram, kEntropyBins)), absmax);
  return std::isfinite(amax) ? amax : absmax;  // absmax is next to the end of float32
}

}  // namespace

bool is_dead(const Histogram& histogram) noexcept {
  return histogram.absmax() < kDeadBelow;
}

float find_amax(const Histogram& histogram, const ThresholdOptions& options) {
  if (is_dead(histogram)) {
    return 1.0F;
  }
  const auto amax = [&] {
    switch (options.method) {
      case Method::Entropy:
        return entropy_amax_of(histogram);
      case Method::Percentile:
        return percentile_amax(histogram, options.percentile);
      case Method::Mse:
        return mse_amax(find_mse_candidate(histogram), histogram.absmax());
      case Method::MinMax:
        break;
    }
    return histogram.absmax();
  }();
  return std::max(amax, kDeadBelow);  // a percentile may lie far below absmax
}

double sqnr_db(const Histogram& histogram, float amax) {
  MTMI_ASSERT(!is_dead(histogram));
  const double width = histogram.bin_width();
  const auto bins = histogram.bins();
  double signal = 0.0;
  for (std::size_t k = 0; k < bins.size(); ++k) {
    const double centre = (static_cast<double>(k) + 0.5) * width;
    signal += static_cast<double>(bins[k]) * (centre * centre);
  }
  return 10.0 * std::log10(signal / quantisation_error(histogram, amax));
}

TensorScale find_scale(const Histogram& histogram, const ThresholdOptions& options) {
  const float amax = find_amax(histogram, options);
  TensorScale scale;
  scale.amax = amax;
  scale.scale = scale_of(amax);
  scale.absmax = histogram.absmax();
  scale.source = is_dead(histogram) ? ScaleSource::Dead : ScaleSource::Calibrated;
  if (histogram.absmax() > 0.0F) {
    scale.histogram = collapse(histogram, kHistogramBins);
  }
  return scale;
}

}  // namespace mtmi::quant
