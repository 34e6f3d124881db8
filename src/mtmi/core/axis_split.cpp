#include "mtmi/core/axis_split.h"

#include "mtmi/core/assert.h"

namespace mtmi {

AxisSplit split_at_axes(const Shape& shape, int first, int last) {
  MTMI_ASSERT(0 <= first && first <= last && last <= shape.rank());
  AxisSplit split;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    std::int64_t& product = axis < first ? split.outer : axis < last ? split.extent : split.inner;
    product *= shape[axis];
  }
  return split;
}

AxisSplit split_at_axis(const Shape& shape, int axis) {
  return split_at_axes(shape, axis, axis + 1);
}

}  // namespace mtmi
