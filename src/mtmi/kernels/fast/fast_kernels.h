// The fast kernels of each instruction set: one table each, so that a caller binds them by name.
//
// Float32, channels last. Kernels take views and write to views; they do not allocate, throw, log,
// lock, start threads or keep state. Each header says what a kernel computes and has a plain twin,
// `_ref`, that tests hold every variant to.
#pragma once

#include <span>

#include "mtmi/core/cpu_features.h"
#include "mtmi/kernels/fast/gemm.h"

namespace mtmi::kernels {

struct FastKernels {
  Isa isa;
  int lanes;  ///< floats in a vector
  int block;  ///< columns in a block of packed weights
  GemmFn gemm;
};

/// Those that this build has, the fastest first; Isa::Generic is always there.
[[nodiscard]] std::span<const FastKernels> all_fast_kernels() noexcept;

/// The table for `isa`, or for the best below it that this build has.
[[nodiscard]] const FastKernels& fast_kernels(Isa isa) noexcept;

}  // namespace mtmi::kernels
