// Resizing of channels-last images where each output is a mix of two inputs per axis.
#pragma once

#include <cstdint>

namespace mtmi::kernels {

/// Output o of an axis is src[low] + weight * (src[high] - src[low]).
struct ResizeTap {
  std::int64_t low = 0;
  std::int64_t high = 0;
  float weight = 0.0F;
};

/// dst(y, x, c) for y in [row_begin, row_end), plus addend(y, x, c) where there is one.
struct ResizeArgs {
  const float* src = nullptr;     ///< [height][width][channels]
  float* dst = nullptr;           ///< [..][columns][channels], rows dst_column * columns apart
  const float* addend = nullptr;  ///< [..][columns][channels]; nullptr: 0
  std::int64_t width = 0;
  std::int64_t channels = 0;
  std::int64_t columns = 0;
  std::int64_t dst_column = 0;              ///< >= channels: `dst` may be a slice of the channels
  const ResizeTap* rows = nullptr;          ///< one per output row
  const ResizeTap* columns_taps = nullptr;  ///< one per output column
  std::int64_t row_begin = 0;
  std::int64_t row_end = 0;
  float* scratch = nullptr;  ///< width * channels floats
};

using ResizeFn = void (*)(const ResizeArgs& args);
void resize_ref(const ResizeArgs& args) noexcept;

/// dst[i] = a[i] + weight * (b[i] - a[i])
using MixRowsFn =
    void (*)(const float* a, const float* b, float weight, float* dst, std::int64_t n);
void mix_rows_ref(
    const float* a, const float* b, float weight, float* dst, std::int64_t n) noexcept;

/// For each column x the channel c of the largest plane_c[x] + weight * (plane_c[x + 1] -
/// plane_c[x]), the first of equal ones. The planes lie plane_stride floats apart.
struct BestChannelArgs {
  const float* planes = nullptr;
  std::int64_t plane_stride = 0;
  std::int64_t channels = 0;
  float weight = 0.0F;
  float* best = nullptr;           ///< scratch of `columns` floats
  std::int32_t* labels = nullptr;  ///< `columns` results
  std::int64_t columns = 0;
};

using BestChannelFn = void (*)(const BestChannelArgs& args);
void best_channel_ref(const BestChannelArgs& args) noexcept;

}  // namespace mtmi::kernels
