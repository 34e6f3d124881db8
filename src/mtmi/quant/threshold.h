// From what a tensor was seen to hold to its range.
#pragma once

#include "mtmi/quant/histogram.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::quant {

/// How a range is chosen.
struct ThresholdOptions {
  Method method = Method::Entropy;
  double percentile = 99.99;  ///< of Method::Percentile, in (0, 100]
};

/// A tensor with no larger magnitude than this holds nothing that a scale could be taken from: the
/// bins of a histogram cannot tell such values apart, and scales near them are no normal numbers.
inline constexpr float kDeadBelow = 0x1p-110F;

/// Whether all that was seen is below kDeadBelow: mostly, zeros alone.
[[nodiscard]] bool is_dead(const Histogram& histogram) noexcept;

/// The range [-amax, amax] that is quantised to [-127, 127]: > 0 and finite; 1 if is_dead().
///
///   Entropy     entropy_amax(find_entropy_candidate()) of kEntropyBins bins (collapse())
///   MinMax      absmax
///   Percentile  the upper edge of the first bin for which, with those below it and the zeros, it
///               is at least `percentile` % of all values; not more than absmax
///   Mse         mse_amax(find_mse_candidate())
[[nodiscard]] float find_amax(const Histogram& histogram, const ThresholdOptions& options);

/// Signal to quantisation noise with the range +-amax, as far as the histogram tells [dB]; infinite
/// without noise. Pre: !is_dead(histogram), amax > 0.
[[nodiscard]] double sqnr_db(const Histogram& histogram, float amax);

/// The scale of find_amax() with what the table keeps beside it.
[[nodiscard]] TensorScale find_scale(const Histogram& histogram, const ThresholdOptions& options);

}  // namespace mtmi::quant
