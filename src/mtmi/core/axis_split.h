// A tensor seen along one axis.
#pragma once

#include <cstdint>

#include "mtmi/shape.h"

namespace mtmi {

/// A row-major tensor as [outer, extent, inner]: element (o, i, k) stands at
/// (o * extent + i) * inner + k.
struct AxisSplit {
  std::int64_t outer = 1;   ///< product of the extents before the axis
  std::int64_t extent = 1;  ///< of the axis, or of the axes seen as one
  std::int64_t inner = 1;   ///< product of the extents behind the axis
  bool operator==(const AxisSplit&) const = default;
};

/// Axes [first, last) of `shape` seen as one axis. Pre: 0 <= first <= last <= shape.rank().
[[nodiscard]] AxisSplit split_at_axes(const Shape& shape, int first, int last);

/// split_at_axes(shape, axis, axis + 1). Pre: 0 <= axis < shape.rank().
[[nodiscard]] AxisSplit split_at_axis(const Shape& shape, int axis);

}  // namespace mtmi
