// INT8 element by element: two operands, rescaling, copying, tables.
#pragma once

#include <cstdint>

#include "mtmi/kernels/int8/requantize.h"

namespace mtmi::kernels::int8 {

/// n = a + b, a - b, a * b, max(a, b) or min(a, b), exactly.
enum class BinaryOp : std::uint8_t { Add, Sub, Mul, Max, Min };

/// How an integer n becomes the element: requantize(n, n < 0 ? negative_multiplier : multiplier).
struct Requantisation {
  float multiplier = 1.0F;
  float negative_multiplier = 1.0F;  ///< = multiplier where no leaky activation is fused
  Rounding rounding = Rounding::HalfAwayFromZero;
  Bounds bounds{};
};

/// dst(p, c) = element of a(p, c) op b(p, c) for p < pixels, c < channels.
/// An operand lies at p * pixel + c * channel: strides of 0 broadcast. `dst` may be `a` or `b`
/// where their strides are the same.
struct BinaryArgs {
  struct Operand {
    const std::int8_t* data = nullptr;
    std::int64_t pixel = 0;
    std::int64_t channel = 1;  ///< 0 or 1
  };

  BinaryOp op = BinaryOp::Add;
  Operand a{};
  Operand b{};
  std::int8_t* dst = nullptr;
  std::int64_t dst_pixel = 0;
  std::int64_t pixels = 0;
  std::int64_t channels = 0;
  Requantisation requantisation{};
};

using BinaryFn = void (*)(const BinaryArgs& args);
void binary_ref(const BinaryArgs& args) noexcept;

/// Rows of elements that each become another: row p, element c at p * pixel + c.
struct UnaryArgs {
  const std::int8_t* src = nullptr;
  std::int64_t src_pixel = 0;
  std::int8_t* dst = nullptr;  ///< may be `src` where the strides are the same
  std::int64_t dst_pixel = 0;
  std::int64_t pixels = 0;
  std::int64_t channels = 0;
};

/// dst = element of src: rescaling, and with it ReLU (bounds), Clip (bounds), leaky and Abs
/// (negative_multiplier = -multiplier).
using RescaleFn = void (*)(const UnaryArgs& args, const Requantisation& requantisation);
void rescale_ref(const UnaryArgs& args, const Requantisation& requantisation) noexcept;

/// dst = src, byte by byte: concatenation.
using CopyFn = void (*)(const UnaryArgs& args);
void copy_ref(const UnaryArgs& args) noexcept;

/// dst = table[src + 128]; any function of one INT8 element. `table` has 256 entries.
using LookUpFn = void (*)(const UnaryArgs& args, const std::int8_t* table);
void look_up_ref(const UnaryArgs& args, const std::int8_t* table) noexcept;

}  // namespace mtmi::kernels::int8
