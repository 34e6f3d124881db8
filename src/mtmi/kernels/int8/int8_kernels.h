// The INT8 kernels of each instruction set: one table each, so that a caller binds them by name.
//
// Channels last: the channels of a pixel lie side by side. Between layers they are padded to a
// multiple of 32; what the padding holds never reaches a channel that counts. Kernels take views
// and write to views; they do not allocate, throw, log, lock, start threads or keep state. Callers
// divide the work by rows or pixels. Every variant gives the bits of its plain twin, `_ref`.
#pragma once

#include <span>

#include "mtmi/core/cpu_features.h"
#include "mtmi/kernels/int8/convolution.h"
#include "mtmi/kernels/int8/elementwise.h"
#include "mtmi/kernels/int8/layout.h"
#include "mtmi/kernels/int8/pooling.h"
#include "mtmi/kernels/int8/resize.h"

namespace mtmi::kernels::int8 {

struct Int8Kernels {
  Int8Isa isa;
  ConvolutionFn convolution;
  ResizeFn resize_linear;
  ResizeFn resize_nearest;
  BinaryFn binary;
  RescaleFn rescale;
  CopyFn copy;
  LookUpFn look_up;
  PoolFn max_pool;
  PoolFn average_pool;
  ConvertFn convert;
  ArgMaxFn arg_max;
};

/// Those that this build has, the fastest first; Int8Isa::Generic is always there.
[[nodiscard]] std::span<const Int8Kernels> all_int8_kernels() noexcept;

/// The table for `isa`, or for the best below it that this build has.
[[nodiscard]] const Int8Kernels& int8_kernels(Int8Isa isa = best_int8_isa()) noexcept;

}  // namespace mtmi::kernels::int8
