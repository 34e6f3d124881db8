#include "mtmi/quant/bin_kernels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace mtmi::quant {

std::uint32_t largest_bits_ref(const float* x, std::size_t count) {
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(x[i]) & 0x7FFFFFFFU);
  }
  return largest;
}

void count_bins_ref(const float* x, std::size_t count, float bins_per_unit, std::uint32_t* counts) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto bin = static_cast<std::size_t>(std::abs(x[i]) * bins_per_unit);
    ++counts[x[i] == 0.0F ? Histogram::kBins : bin];
  }
}

std::span<const BinKernel> bin_kernels() {
  static constexpr std::array kKernels {
#if defined(__x86_64__)
    BinKernel{Isa::Avx2, largest_bits_avx2, count_bins_avx2},
#endif
        BinKernel{Isa::Generic, largest_bits_ref, count_bins_ref},
  };
  return kKernels;
}

const BinKernel& bin_kernel(Isa isa) {
  const auto kernels = bin_kernels();
  return *std::find_if(
      kernels.begin(), kernels.end(), [isa](const BinKernel& kernel) { return kernel.isa <= isa; });
}

}  // namespace mtmi::quant
