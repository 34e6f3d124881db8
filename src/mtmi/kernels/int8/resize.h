// INT8 resizing by whole factors, channels last.
#pragma once

#include <cstdint>

#include "mtmi/kernels/int8/requantize.h"

namespace mtmi::kernels::int8 {

/// Linear, half-pixel: per axis of factor r and extent n, output o has p = clip(2 o + 1 - r, 0,
/// 2 r (n - 1)), i = p div 2r, f = p mod 2r and mixes inputs i and min(i + 1, n - 1) with the
/// weights 2r - f and f. dst = requantize(exact sum over the four neighbours, multiplier), so that
/// `multiplier` holds the 1 / (4 rh rw) too. Nearest copies input o div r.
struct ResizeArgs {
  const std::int8_t* src = nullptr;  ///< [height][width], pixels src_pixel bytes apart
  std::int64_t src_pixel = 0;        ///< readable up to the next multiple of 32 channels
  std::int8_t* dst = nullptr;  ///< [height * factor_h][width * factor_w], dst_pixel bytes apart
  std::uint16_t* dst_half = nullptr;  ///< in place of dst: requantize_half(); linear only
  std::int64_t dst_pixel = 0;         ///< [elements]
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;  ///< bytes read and written of each pixel
  std::int64_t factor_h = 1;
  std::int64_t factor_w = 1;
  float multiplier = 1.0F;  ///< linear only
  Rounding rounding = Rounding::HalfAwayFromZero;
  Bounds bounds{};
  std::int64_t row_begin = 0;  ///< rows of the destination
  std::int64_t row_end = 0;
  std::int16_t* scratch = nullptr;  ///< resize_scratch_bytes(), aligned to 64; linear only
};

/// [bytes]
[[nodiscard]] constexpr std::int64_t resize_scratch_bytes(std::int64_t width,
                                                          std::int64_t channels) noexcept {
  return 2 * width * ((channels + 31) / 32 * 32) + 64;
}

using ResizeFn = void (*)(const ResizeArgs& args);
void resize_linear_ref(const ResizeArgs& args) noexcept;
void resize_nearest_ref(const ResizeArgs& args) noexcept;

}  // namespace mtmi::kernels::int8
