// Linear quantisation as its definition says. Arithmetic is done in float, as ONNX does it: where a
// quotient falls on a half, its rounding decides.
#pragma once

#include <cmath>
#include <cstdint>

#include "mtmi/core/axis_split.h"
#include "mtmi/kernels/saturate.h"

namespace mtmi::kernels {

/// Element (o, i, k) has the scale at o * outer_stride + i / block * axis_stride + k *
/// inner_stride.
struct ScaleLayout {
  AxisSplit split;
  std::int64_t block = 1;
  std::int64_t outer_stride = 0;
  std::int64_t axis_stride = 0;
  std::int64_t inner_stride = 0;
};

/// Calls f(element, scale index) for every element, in row-major order.
template <class F>
void for_each_scaled(const ScaleLayout& layout, F f) noexcept {
  std::int64_t at = 0;
  for (std::int64_t o = 0; o < layout.split.outer; ++o) {
    for (std::int64_t i = 0; i < layout.split.extent; ++i) {
      std::int64_t scale = o * layout.outer_stride + i / layout.block * layout.axis_stride;
      for (std::int64_t k = 0; k < layout.split.inner; ++k, ++at, scale += layout.inner_stride) {
        f(at, scale);
      }
    }
  }
}

/// dst = saturate(round_half_to_even(src / scale) + zero_point). `zero_points` may be nullptr: 0.
/// T is std::int8_t or std::uint8_t.
template <class T>
void quantize_ref(const ScaleLayout& layout,
                  const float* src,
                  const float* scales,
                  const T* zero_points,
                  T* dst) noexcept {
  for_each_scaled(layout, [&](std::int64_t at, std::int64_t s) {
    const double rounded = static_cast<double>(std::nearbyint(src[at] / scales[s]));
    dst[at] = saturate<T>(rounded + (zero_points == nullptr ? 0.0 : zero_points[s]));
  });
}

/// dst = (src - zero_point) * scale. `zero_points` may be nullptr: 0.
/// T is std::int8_t, std::uint8_t or std::int32_t.
template <class T>
void dequantize_ref(const ScaleLayout& layout,
                    const T* src,
                    const float* scales,
                    const T* zero_points,
                    float* dst) noexcept {
  for_each_scaled(layout, [&](std::int64_t at, std::int64_t s) {
    const std::int64_t zero_point = zero_points == nullptr ? 0 : zero_points[s];
    dst[at] = static_cast<float>(src[at] - zero_point) * scales[s];
  });
}

}  // namespace mtmi::kernels
