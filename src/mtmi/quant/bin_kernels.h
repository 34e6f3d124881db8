// Private to quant/: the inner loops of HistogramCounter, named so that tests reach each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "mtmi/core/cpu_features.h"
#include "mtmi/quant/histogram.h"

namespace mtmi::quant {

/// Two sets of counts that kernels use in turn, so that equal neighbours do not wait for each
/// other's store. Behind the bins of each set stand kZeroSlots counts that together are its zeros.
inline constexpr std::size_t kZeroSlots = 16;
inline constexpr std::size_t kCountsOfSet = Histogram::kBins + kZeroSlots;
inline constexpr std::size_t kCounts = 2 * kCountsOfSet;

struct BinKernel {
  Isa isa;
  /// The largest of the bits of |x|, which order as |x| does; 0x7F800000 or more: not finite.
  std::uint32_t (*largest_bits)(const float* x, std::size_t count);
  /// Adds 1 in counts[kCounts] for every x: to bin floor(|x| * bins_per_unit), or to a zero slot.
  /// Pre: every bin is < Histogram::kBins; no count exceeds 2^32 - 1.
  void (*count)(const float* x, std::size_t count, float bins_per_unit, std::uint32_t* counts);
};

/// Fastest first; the reference is last and runs everywhere.
[[nodiscard]] std::span<const BinKernel> bin_kernels();

/// The fastest that needs no more than `isa`.
[[nodiscard]] const BinKernel& bin_kernel(Isa isa);

std::uint32_t largest_bits_ref(const float* x, std::size_t count);
void count_bins_ref(const float* x, std::size_t count, float bins_per_unit, std::uint32_t* counts);
#if defined(__x86_64__)
std::uint32_t largest_bits_avx2(const float* x, std::size_t count);
void count_bins_avx2(const float* x, std::size_t count, float bins_per_unit, std::uint32_t* counts);
#endif

}  // namespace mtmi::quant
