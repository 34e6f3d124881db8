// The range that gives the least mean squared error.
#pragma once

#include <cstddef>

#include "mtmi/quant/histogram.h"

namespace mtmi::quant {

/// What quantising with the range +-amax loses: the sum, over the bins of `histogram` ascending, of
/// count * (c - s * min(round(c / s), 127))^2 in float64, where c is the bin's centre, s the scale,
/// and ties are rounded to even. Pre: amax > 0.
[[nodiscard]] double quantisation_error(const Histogram& histogram, float amax);

/// Candidate i stands for the range i * absmax / kMseSteps.
inline constexpr std::size_t kMseSteps = 2048;
inline constexpr std::size_t kFirstMseCandidate = 128;

/// i * absmax / kMseSteps, rounded to float32.
[[nodiscard]] float mse_amax(std::size_t candidate, float absmax) noexcept;

/// The i in [kFirstMseCandidate, kMseSteps] with the least quantisation_error(); of equal ones the
/// largest. As absmax itself is a candidate, the error is never above minmax's.
/// Pre: histogram.absmax() > 0.
[[nodiscard]] std::size_t find_mse_candidate(const Histogram& histogram);

}  // namespace mtmi::quant
