// The fast kernels of each instruction set: one table each, so that a caller binds them by name.
//
// Float32, channels last. Kernels take views and write to views; they do not allocate, throw, log,
// lock, start threads or keep state. Each header says what a kernel computes and has a plain twin,
// `_ref`, that tests hold every variant to.
#pragma once

#include <span>

#include "mtmi/core/cpu_features.h"
#include "mtmi/kernels/fast/depthwise.h"
#include "mtmi/kernels/fast/gemm.h"
#include "mtmi/kernels/fast/resize.h"
#include "mtmi/kernels/fast/rows.h"
#include "mtmi/kernels/fast/winograd.h"

namespace mtmi::kernels {

struct FastKernels {
  Isa isa;
  int lanes;  ///< floats in a vector
  int block;  ///< columns in a block of packed weights
  GemmFn gemm;
  ActivateFn activate;
  BinaryFn binary;
  LayerNormFn layer_norm;
  SoftmaxFn softmax;
  DepthwiseFn depthwise;
  ResizeFn resize;
  MixRowsFn mix_rows;
  BestChannelFn best_channel;
  WinogradInputFn winograd_input;
  WinogradOutputFn winograd_output;
};

/// Those that this build has, the fastest first; Isa::Generic is always there.
[[nodiscard]] std::span<const FastKernels> all_fast_kernels() noexcept;

/// The table for `isa`, or for the best below it that this build has.
[[nodiscard]] const FastKernels& fast_kernels(Isa isa) noexcept;

}  // namespace mtmi::kernels
