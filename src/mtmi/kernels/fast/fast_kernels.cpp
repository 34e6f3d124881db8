#include "mtmi/kernels/fast/fast_kernels.h"

#include <array>

#include "mtmi/kernels/fast/isa_kernels.h"

namespace mtmi::kernels {
// The table of one namespace of isa_kernels.h.
// NOLINTBEGIN(bugprone-macro-parentheses): namespaces take none
#define MTMI_KERNELS_OF(isa_name, lane_count, block_columns, isa_namespace)                    \
  FastKernels {                                                                                \
    .isa = isa_name, .lanes = lane_count, .block = block_columns, .gemm = isa_namespace::gemm, \
    .activate = isa_namespace::activate, .binary = isa_namespace::binary,                      \
    .layer_norm = isa_namespace::layer_norm, .softmax = isa_namespace::softmax,                \
    .depthwise = isa_namespace::depthwise, .resize = isa_namespace::resize,                    \
    .mix_rows = isa_namespace::mix_rows, .best_channel = isa_namespace::best_channel,          \
    .winograd_input = isa_namespace::winograd_input,                                           \
    .winograd_output = isa_namespace::winograd_output,                                         \
  }

// NOLINTEND(bugprone-macro-parentheses)

std::span<const FastKernels> all_fast_kernels() noexcept {
  static constexpr std::array kTables {
#if defined(__x86_64__)
    MTMI_KERNELS_OF(Isa::Avx512, 16, 64, avx512), MTMI_KERNELS_OF(Isa::Avx2, 8, 16, avx2),
#endif
        MTMI_KERNELS_OF(Isa::Generic, 4, 8, generic),
  };
  return kTables;
}

#undef MTMI_KERNELS_OF

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
