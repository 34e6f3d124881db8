// Between the layouts and element types that tensors are exchanged in.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mtmi/kernels/int8/requantize.h"

namespace mtmi::kernels::int8 {

enum class ElementType : std::uint8_t { Float32, Float16, Int8 };

/// Where element (c, y, x) of an image lies [elements]:
/// c / block * block_stride + y * row + x * pixel + c % block.
struct Layout {
  std::int64_t block = 1;
  std::int64_t block_stride = 0;
  std::int64_t row = 0;
  std::int64_t pixel = 1;
  bool operator==(const Layout&) const = default;

  /// [C][H][W]
  [[nodiscard]] static constexpr Layout planes(std::int64_t height, std::int64_t width) noexcept {
    return {.block = 1, .block_stride = height * width, .row = width, .pixel = 1};
  }

  /// [ceil(C / block)][H][W][block]: CHW32, CHW16.
  [[nodiscard]] static constexpr Layout blocks(std::int64_t block,
                                               std::int64_t height,
                                               std::int64_t width) noexcept {
    return {.block = block,
            .block_stride = height * width * block,
            .row = width * block,
            .pixel = block};
  }

  /// [H][W][pixel]
  [[nodiscard]] static constexpr Layout channels_last(std::int64_t width,
                                                      std::int64_t pixel) noexcept {
    return {.block = pixel, .block_stride = 0, .row = width * pixel, .pixel = pixel};
  }
};

/// Channels [0, channels) of rows [row_begin, row_end), element by element:
///   floats to INT8   saturate(round(fl(x / scale))); NaN gives 0
///   INT8 to floats   fl(q * scale), for Float16 rounded once more (clamped to +-65504)
///   floats to floats rounded to the type of the destination; `scale` is not used; NaN stays one
///   to the same type copied; `scale` is not used; NaN stays one
/// Channels from `channels` up to the next multiple of dst_zero_to are written as zeros (1: none).
struct ConvertArgs {
  const void* src = nullptr;
  ElementType src_type = ElementType::Int8;
  Layout src_layout{};
  void* dst = nullptr;
  ElementType dst_type = ElementType::Int8;
  Layout dst_layout{};
  std::int64_t channels = 0;
  std::int64_t width = 0;
  std::int64_t row_begin = 0;
  std::int64_t row_end = 0;
  std::int64_t dst_zero_to = 1;
  float scale = 1.0F;  ///< > 0
  Rounding rounding = Rounding::HalfToEven;
};

using ConvertFn = void (*)(const ConvertArgs& args);
void convert_ref(const ConvertArgs& args) noexcept;

/// labels[p] = the channel of the largest element of pixel p, the first of equal ones.
struct ArgMaxArgs {
  const std::int8_t* src = nullptr;
  std::int64_t src_pixel = 0;
  std::int64_t channels = 0;  ///< >= 1
  std::int64_t pixels = 0;
  std::int32_t* labels = nullptr;
};

using ArgMaxFn = void (*)(const ArgMaxArgs& args);
void arg_max_ref(const ArgMaxArgs& args) noexcept;

}  // namespace mtmi::kernels::int8
