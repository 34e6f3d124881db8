// Private to quant/: the inner loops of HistogramCounter, named so that tests reach each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "mtmi/core/cpu_features.h"
#include "mtmi/quant/histogram.h"

namespace mtmi::quant {

/// Behind the bins stand counts that together are the zeros: half of what a ReLU makes is zero, and
/// one count for all of them would be a chain of stores and loads.
inline constexpr std::size_t kZeroSlots = 16;
inline constexpr std::size_t kCounts = Histogram::kBins + kZeroSlots;

/// Elements that are looked at twice before the next are: count() may fetch as many behind those
/// that it counts, so that the first look at these does not wait for memory.
inline constexpr std::size_t kLookAhead = 2048;

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
