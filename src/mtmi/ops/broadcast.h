// Multidirectional broadcasting, as numpy and ONNX define it.
#pragma once

#include "mtmi/shape.h"

namespace mtmi::ops {

/// The shape to which both extend: aligned at the innermost axis, where each pair of extents is
/// equal or one of them is 1. Throws Error(InvalidModel) "got [2,3] and [4], expected ...".
[[nodiscard]] Shape broadcast(const Shape& a, const Shape& b);

}  // namespace mtmi::ops
