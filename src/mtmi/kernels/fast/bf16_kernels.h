// The kernels that multiply bfloat16, of each instruction set: as fast_kernels.h has those of
// float32. Weights lie the same for all of them (packed_pairs.h).
#pragma once

#include <span>

#include "mtmi/core/cpu_features.h"
#include "mtmi/kernels/fast/gemm.h"

namespace mtmi::kernels {

struct Bf16Kernels {
  Bf16Isa isa;
  GemmBf16Fn gemm;
  RoundBf16Fn round;
};

/// Those that this build has, the fastest first; Bf16Isa::Generic is always there.
[[nodiscard]] std::span<const Bf16Kernels> all_bf16_kernels() noexcept;

/// The table for `isa`, or for the best below it that this build has.
[[nodiscard]] const Bf16Kernels& bf16_kernels(Bf16Isa isa) noexcept;

}  // namespace mtmi::kernels
