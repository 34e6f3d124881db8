// What INT8 steps read from lowered nodes, checked. Private to steps/.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "mtmi/backends/common_host/node_reader.h"
#include "mtmi/backends/common_int8/operators.h"
#include "mtmi/core/window.h"
#include "mtmi/graph/graph.h"
#include "mtmi/kernels/int8/requantize.h"

namespace mtmi::int8 {

/// Everything throws Error(InvalidModel) naming the node where it does not hold.
class NodeReader : public host::NodeReader {
 public:
  using host::NodeReader::NodeReader;

  /// An input or output that is a map [n, h, w, pixel] of s8 or f16.
  struct Map {
    ValueId id = kNoValue;
    DType dtype = DType::Int8;
    std::int64_t n = 1;
    std::int64_t h = 1;
    std::int64_t w = 1;
    std::int64_t pixel = 1;  ///< channels of a pixel, padding included [elements]

    [[nodiscard]] std::int64_t pixels() const noexcept { return h * w; }
  };

  [[nodiscard]] Map map(ValueId id) const;
  /// map() of s8 alone.
  [[nodiscard]] Map int8_map(ValueId id) const;

  /// Four extents, and their product without overflow.
  [[nodiscard]] MapShape map_shape(std::string_view attribute) const;
  /// The float32 attribute; finite.
  [[nodiscard]] float number(std::string_view attribute) const;
  [[nodiscard]] kernels::int8::Rounding rounding() const;
  /// `lo` and `hi`.
  [[nodiscard]] kernels::int8::Bounds bounds() const;
  /// Kernel, strides, dilations and pads over rows and columns of these extents.
  [[nodiscard]] std::array<Window, 2> windows(const Map& src, const Map& dst) const;
  /// Refuses multipliers and scales that are not finite.
  void require_finite(std::span<const float> values) const;
};

}  // namespace mtmi::int8
