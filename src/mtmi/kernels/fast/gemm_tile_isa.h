// What becomes of a register tile of sums, whatever was multiplied. Included as simd.h is.
#pragma once

#include "mtmi/kernels/fast/gemm.h"
#include "mtmi/kernels/fast/simd.h"
#include "mtmi/kernels/fast/simd_math.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

/// Where a tile reads and writes.
template <class T>
struct Tile {
  const T* src;
  const T* weights;
  std::int64_t weights_row;  // elements from one row of the depth, or pair of rows, to the next
  float* dst;
  std::int64_t output;  // the first column
};

/// R pixels by V vectors of outputs, in registers.
template <int R, int V>
struct Accumulators {
  F32 sum[R][V];
};

/// A vector of the biases from `output` on, or zeros.
template <class T>
inline F32 load_bias(const GemmArgsOf<T>& args, std::int64_t output) {
  if (args.epilogue.bias == nullptr) {
    return zero();
  }
  const std::int64_t left = args.outputs - output;
  const float* bias = args.epilogue.bias + output;
  return kLanes <= left ? load(bias) : load_partial(bias, left);
}

/// Writes the tile; what is cheap in registers is done there, the rest over what was just written.
template <int R, int V, class T>
inline __attribute__((always_inline)) void finish(const GemmArgsOf<T>& args,
                                                  float* dst,
                                                  std::int64_t output,
                                                  const Accumulators<R, V>& acc) {
  const Epilogue& e = args.epilogue;
  const std::int64_t left = args.outputs - output;
  const bool simple_first = e.first.kind == Activation::None || e.first.kind == Activation::Relu;
  const bool relu = e.first.kind == Activation::Relu;
  MTMI_UNROLL
  for (int r = 0; r < R; ++r) {
    float* to = dst + r * args.dst_column;
    MTMI_UNROLL
    for (int v = 0; v < V; ++v) {
      F32 x = acc.sum[r][v];
      if (relu) {
        x = max(zero(), x);
      }
      if (V * kLanes <= left || (v + 1) * kLanes <= left) {
        store(to + v * kLanes, x);
      } else {
        store_partial(to + v * kLanes, x, left - v * kLanes);
      }
    }
  }
  if (simple_first && e.residual == nullptr) {
    return;
  }
  const std::int64_t width = left < V * kLanes ? left : V * kLanes;
  for (int r = 0; r < R; ++r) {
    float* to = dst + r * args.dst_column;
    if (!simple_first) {
      activate_row(e.first, to, to, width);
    }
    if (e.residual != nullptr) {
      add_row(to, e.residual + (to - args.dst), width);
      activate_row(e.last, to, to, width);
    }
  }
}

}  // namespace
}  // namespace mtmi::kernels::MTMI_ISA
