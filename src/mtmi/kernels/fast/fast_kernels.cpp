#include "mtmi/kernels/fast/fast_kernels.h"

#include <array>

#include "mtmi/kernels/fast/isa_kernels.h"

namespace mtmi::kernels {

std::span<const FastKernels> all_fast_kernels() noexcept {
  static constexpr std::array kTables {
#if defined(__x86_64__)
    FastKernels{.isa = Isa::Avx512, .lanes = 16, .block = 64, .gemm = avx512::gemm},
        FastKernels{.isa = Isa::Avx2, .lanes = 8, .block = 16, .gemm = avx2::gemm},
#endif
        FastKernels{.isa = Isa::Generic, .lanes = 4, .block = 8, .gemm = generic::gemm},
  };
  return kTables;
}

const FastKernels& fast_kernels(Isa isa) noexcept {
  const auto all = all_fast_kernels();
  for (const FastKernels& table : all) {
    if (table.isa <= isa) {
      return table;
    }
  }
  return all.back();
}

}  // namespace mtmi::kernels
