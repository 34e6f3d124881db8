// The range that keeps most information: TensorRT's entropy calibration.
//
// What NVIDIA has published of it (S. Migacz, "8-bit Inference with TensorRT", GTC 2017) leaves the
// zero bin, ties and smoothing open; docs/calibrate.md says which of the rules below are ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mtmi::quant {

inline constexpr std::size_t kEntropyBins = 2048;
inline constexpr std::size_t kEntropyLevels = 128;

/// The i in [kEntropyLevels, kEntropyBins] for which i bins, quantised to kEntropyLevels levels,
/// are nearest to the whole distribution.
///
/// h = `counts` with h[0] := h[1]. For every i: P[j] = h[j] for j < i, and P[i-1] gets all of h
/// from i on; level(j) = floor(kEntropyLevels * j / i); Q[j] is the sum of h over j's level divided
/// by the number of its j with P > 0 where P[j] > 0, else 0; P and Q are divided by their own sums;
/// KL(i) is the sum over P > 0 of P * ln(P / Q) in float64, j ascending. An i with an empty Q, or
/// with Q = 0 where P > 0, is left out. The smallest KL wins, of equal ones the largest i.
///
/// Pre: counts.size() == kEntropyBins and its last is not 0.
[[nodiscard]] std::size_t find_entropy_candidate(std::span<const std::uint64_t> counts);

/// The range that candidate i stands for: (i + 0.5) * absmax / kEntropyBins, rounded to float32.
[[nodiscard]] float entropy_amax(std::size_t candidate, float absmax) noexcept;

}  // namespace mtmi::quant
