#include "mtmi/kernels/fast/bf16_kernels.h"

#include <array>

#include "mtmi/kernels/fast/isa_kernels.h"

namespace mtmi::kernels {

std::span<const Bf16Kernels> all_bf16_kernels() noexcept {
  static constexpr std::array kTables {
#if defined(__x86_64__)
    Bf16Kernels{Bf16Isa::Amx, amx::gemm_bf16, avx512bf16::round_bf16},
        Bf16Kernels{Bf16Isa::Avx512Bf16, avx512bf16::gemm_bf16, avx512bf16::round_bf16},
        Bf16Kernels{Bf16Isa::Avx512, avx512::gemm_bf16, avx512::round_bf16},
        Bf16Kernels{Bf16Isa::Avx2, avx2::gemm_bf16, avx2::round_bf16},
#endif
        Bf16Kernels{Bf16Isa::Generic, generic::gemm_bf16, generic::round_bf16},
  };
  return kTables;
}

const Bf16Kernels& bf16_kernels(Bf16Isa isa) noexcept {
  const auto all = all_bf16_kernels();
  for (const Bf16Kernels& table : all) {
    if (table.isa <= isa) {
      return table;
    }
  }
  return all.back();
}

}  // namespace mtmi::kernels
