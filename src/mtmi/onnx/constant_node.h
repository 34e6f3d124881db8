// The value of a Constant node. Private to onnx/.
#pragma once

#include "mtmi/graph/attributes.h"
#include "mtmi/tensor.h"

namespace mtmi::onnx {

/// The tensor that `attributes` of a Constant node give: value, value_float, value_floats,
/// value_int or value_ints. Throws Error(InvalidModel) unless it is exactly one,
/// Error(Unsupported) on strings.
[[nodiscard]] Tensor constant_value(const Attributes& attributes);

}  // namespace mtmi::onnx
