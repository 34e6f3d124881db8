// Operators whose result is made of shapes and scalars: Shape, Size, ConstantOfShape, Range.
#pragma once

#include <cstdint>
#include <vector>

#include "mtmi/graph/attributes.h"
#include "mtmi/shape.h"
#include "mtmi/tensor.h"

namespace mtmi::ops {

/// What Shape with these attributes (start, end) gives for a tensor of `shape`.
[[nodiscard]] std::vector<std::int64_t> extents_between(const Attributes& attributes,
                                                        const Shape& shape);

/// The one element with which ConstantOfShape fills: its attribute `value`, or the float 0.
/// Throws Error(InvalidModel) if that is no tensor of one element.
[[nodiscard]] Tensor fill_value(const Attributes& attributes);

}  // namespace mtmi::ops
