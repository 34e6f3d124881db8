// Depthwise convolution, channels last: every channel by itself.
#pragma once

#include <cstdint>

#include "mtmi/kernels/fast/epilogue.h"

namespace mtmi::kernels {

/// One spatial axis of a convolution in two dimensions.
struct WindowSpec {
  std::int64_t in = 1;
  std::int64_t out = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t pad = 0;  ///< in front
};

/// dst(y, x, c) = activation(bias[c] + sum over (i, j) of src(y * stride + i * dilation - pad,
/// ..., c) * weights[(i * kw + j) * channels + c]) for y in [row_begin, row_end); 0 outside src.
struct DepthwiseArgs {
  const float* src = nullptr;  ///< [h.in][w.in][channels]
  float* dst = nullptr;        ///< [h.out][w.out][channels]
  const float* weights = nullptr;
  const float* bias = nullptr;  ///< nullptr: 0
  WindowSpec h;
  WindowSpec w;
  std::int64_t channels = 0;
  std::int64_t row_begin = 0;
  std::int64_t row_end = 0;
  ActivationSpec activation;
};

using DepthwiseFn = void (*)(const DepthwiseArgs& args);
void depthwise_ref(const DepthwiseArgs& args) noexcept;

}  // namespace mtmi::kernels
