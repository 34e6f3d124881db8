// INT8 pooling, channels last.
#pragma once

#include <cstdint>

#include "mtmi/core/window.h"
#include "mtmi/kernels/int8/requantize.h"

namespace mtmi::kernels::int8 {

/// One image: dst(y, x, c) for y in [row_begin, row_end).
struct PoolArgs {
  const std::int8_t* src = nullptr;  ///< [h.in][w.in], pixels src_pixel bytes apart
  std::int64_t src_pixel = 0;
  std::int8_t* dst = nullptr;  ///< [h.out][w.out]
  std::int64_t dst_pixel = 0;
  Window h{};
  Window w{};
  std::int64_t channels = 0;      ///< bytes read and written of each pixel
  bool count_include_pad = true;  ///< average: whether padding counts as zeros
  std::int64_t row_begin = 0;
  std::int64_t row_end = 0;
};

/// Max: padding never wins; a window without a source pixel gives -128.
///
/// Average: t = rhaz(sum * R(kw) / 65536), dst = saturate(rhaz(t * R(kh) / 65536)), where rhaz
/// rounds half away from zero, R(k) = floor(65536 / k), and kw, kh are the window's extents, or
/// without count_include_pad those of its part inside the source (0 where that is empty).
/// NVDLA's published arithmetic. Pre (average): h.kernel * w.kernel <= 65536.
using PoolFn = void (*)(const PoolArgs& args);
void max_pool_ref(const PoolArgs& args) noexcept;
void average_pool_ref(const PoolArgs& args) noexcept;

}  // namespace mtmi::kernels::int8
