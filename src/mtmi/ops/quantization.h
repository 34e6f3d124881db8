// QuantizeLinear and DequantizeLinear: which scale belongs to which element.
#pragma once

#include <cstdint>

#include "mtmi/core/axis_split.h"
#include "mtmi/graph/attributes.h"
#include "mtmi/shape.h"

namespace mtmi::ops {

/// Element (o, i, k) of a tensor seen as `split` has the scale and zero point at
/// o * outer_stride + i / block * axis_stride + k * inner_stride.
struct QuantizationLayout {
  AxisSplit split;
  std::int64_t block = 1;  ///< elements along the axis that share a scale
  std::int64_t outer_stride = 0;
  std::int64_t axis_stride = 0;
  std::int64_t inner_stride = 0;
};

/// Per tensor for a scale of one element, per axis for a vector, blocked for a scale of the rank of
/// `x` and attribute block_size. Throws Error(InvalidModel) if the shapes do not fit.
[[nodiscard]] QuantizationLayout quantization_layout(const Attributes& attributes,
                                                     const Shape& x,
                                                     const Shape& scale);

}  // namespace mtmi::ops
