// How the elements of a tensor lie in memory, as TensorRT names it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/dtype.h"
#include "mtmi/shape.h"

namespace mtmi {

/// The layout of a logical [n, c, h, w]. es is the element size; rup(a, b) rounds a up to a
/// multiple of b. Source: NvInferRuntimeBase.h, TensorRT 8.6 to 10.7. Linear takes any rank, the
/// others rank 4.
enum class Layout : std::uint8_t {
  Linear,     ///< row-major: [n][c][h][w]
  Hwc,        ///< [n][h][w][c]
  Hwc8,       ///< [n][h][w][rup(c, 8)]
  Chw16,      ///< [n][ceil(c / 16)][h][w][16], native to a DLA in FP16
  Chw32,      ///< [n][ceil(c / 32)][h][w][32], native to a DLA in INT8
  DlaLinear,  ///< [n][c][h][rup(w, 64 / es)]
  DlaHwc4,    ///< [n][h][rup(w, 64 / c' / es)][c'], c' = 1 for c = 1, 4 for c = 3 or 4 (Orin)
};

/// "linear", "hwc", "hwc8", "chw16", "chw32", "dla_linear", "dla_hwc4".
[[nodiscard]] std::string_view to_string(Layout layout) noexcept;
/// The inverse; nothing if `name` is none of them.
[[nodiscard]] std::optional<Layout> parse_layout(std::string_view name) noexcept;

/// Everything two sides of a hand-off must agree on about one tensor. A value.
struct TensorDesc {
  std::string name;
  DType dtype = DType::Float32;
  Shape shape;  ///< logical: [n, c, h, w] whatever the layout
  Layout layout = Layout::Linear;
  /// Int8 only: real value = scale * q. 0 where the elements are not quantised [1].
  float scale = 0.0F;

  bool operator==(const TensorDesc&) const = default;
};

/// Where element (n, c, h, w) lies: n * batch + (c / block) * plane + h * row + w * column +
/// (c % block) * channel [bytes].
struct LayoutStrides {
  std::int64_t block = 1;  ///< channels that lie together [elements]
  std::int64_t batch = 0;
  std::int64_t plane = 0;
  std::int64_t row = 0;
  std::int64_t column = 0;
  std::int64_t channel = 0;
  bool operator==(const LayoutStrides&) const = default;
};

/// Strides of a rank-4 tensor. Throws Error(InvalidArgument) if `desc` has another rank, or a
/// layout that its channels do not allow (DlaHwc4 of 7 channels).
[[nodiscard]] LayoutStrides strides_of(const TensorDesc& desc);

/// Bytes that a buffer for `desc` holds, padding included. Throws as strides_of() does.
[[nodiscard]] std::size_t size_bytes_of(const TensorDesc& desc);

/// "x: s8[1,256,32,32] chw32 scale 0.0213"
[[nodiscard]] std::string to_string(const TensorDesc& desc);

/// What keeps a consumer that wants `to` from reading what a producer writes as `from` (names are
/// not compared); nothing when they agree.
[[nodiscard]] std::optional<std::string> hand_off_mismatch(const TensorDesc& from,
                                                           const TensorDesc& to);

}  // namespace mtmi
