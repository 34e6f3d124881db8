// Conversion of element types.
#pragma once

#include "mtmi/dtype.h"
#include "mtmi/graph/attributes.h"

namespace mtmi::ops {

/// The type that attribute `to` of Cast names, by ONNX's number for it. Throws Error(InvalidModel)
/// if it is missing, Error(Unsupported) if it is a type that mtmi has not.
[[nodiscard]] DType cast_target(const Attributes& attributes);

}  // namespace mtmi::ops
