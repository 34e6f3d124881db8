// The operators of a lowered INT8 graph, and the shapes of its values.
//
// A map of INT8 lies channels last as s8 [n, h, w, rup(c, 32)], a map of halves as f16 [n, h, w,
// c]. What a layer without kernels of its own computes in float32 lies as the node of ONNX has it.
//
//   int8.Convert      x: the same numbers in another type or layout; attributes shape [n,c,h,w],
//                     from, to (a Layout, or kMapLayout), scale, even
//   int8.Conv         x, weights [oc,ic/g,kh,kw], bias, multipliers, negative multipliers:
//                     attributes kernel, strides, dilations, pads, group, channels (of x)
//   int8.Deconv       the same, weights [ic,oc,kh,kw]
//   int8.Elementwise  operands..., factor, shift, multipliers, negative multipliers: attributes op,
//                     channels (of each operand; 0: constants in steps, s32), shape
//   int8.LookUp       x, table s8[256]
//   int8.Pool         x: attributes op, kernel, strides, pads, counts_pad
//   int8.Mean         the same for averages that are rounded once; attributes src_scale, dst_scale
//   int8.Resize       x: attributes mode, factors, multiplier
//   int8.Concat       x...: attribute channels, one per input
//   int8.Move         x: element (n,c,h,w) is the one at start + n * strides[0] + ... of x counted
//                     row-major in [n,c,h,w]; attributes start, strides, from, shape
//   int8.HalfFunction x f16: f16 or s8; attributes function, scale
//   int8.HalfConv     x f16, weights f32 [oc,ic,kh,kw], bias f32: f16, in float32; attributes
//   kernel,
//                     strides, dilations, pads, apart (of the pixels of x, zeros between), slope,
//                     least, most
//   int8.HalfResize   x f16: f16, linear; attribute factors
//   int8.HalfElementwise  one or two f16 of one shape: f16; attributes op, slope, least, most
//   int8.Softmax      x f16: f16; attribute axis, of [n,c,h,w]
//   int8.ClampHalf    x f16: f16; attributes least, most
//
// `even`: round half to even; half away from zero otherwise. Results of Conv, Deconv, Elementwise,
// Mean and Resize are s8, within the attributes `lo` and `hi`, or f16. Every other operator is
// ONNX's, on float32.
#pragma once

#include <cstdint>

#include "mtmi/device/layout.h"
#include "mtmi/shape.h"

namespace mtmi::int8 {

/// In attributes `from` and `to` of int8.Convert: a map as it lies between layers.
inline constexpr std::int64_t kMapLayout = -1;
/// In the same: a map of halves as it lies between layers, and a tensor as ONNX has it.
inline constexpr auto kDense = static_cast<std::int64_t>(Layout::Hwc);
inline constexpr auto kRowMajor = static_cast<std::int64_t>(Layout::Linear);

/// Channels that a pixel of an INT8 map holds, padding included.
[[nodiscard]] constexpr std::int64_t padded_channels(std::int64_t channels) noexcept {
  return (channels + 31) / 32 * 32;
}

/// A tensor as a map: rank 4 [n, c, h, w], or rank 2 [n, c].
struct MapShape {
  std::int64_t n = 1;
  std::int64_t c = 1;
  std::int64_t h = 1;
  std::int64_t w = 1;
  bool operator==(const MapShape&) const = default;

  [[nodiscard]] Shape logical() const { return {n, c, h, w}; }

  [[nodiscard]] Shape int8_map() const { return {n, h, w, padded_channels(c)}; }

  [[nodiscard]] Shape half_map() const { return {n, h, w, c}; }

  [[nodiscard]] std::int64_t num_elements() const { return n * c * h * w; }
};

/// Any shape as a map, row-major order kept: [c] as [1, c, 1, 1], [n, c] with one position, and all
/// axes from the fourth on as columns.
[[nodiscard]] inline MapShape map_shape(const Shape& shape) {
  const auto extent = [&shape](int axis) { return axis < shape.rank() ? shape[axis] : 1; };
  if (shape.rank() < 2) {
    return {.n = 1, .c = extent(0), .h = 1, .w = 1};
  }
  MapShape map{.n = extent(0), .c = extent(1), .h = extent(2), .w = 1};
  for (int axis = 3; axis < shape.rank(); ++axis) {
    map.w *= shape[axis];
  }
  return map;
}

}  // namespace mtmi::int8
