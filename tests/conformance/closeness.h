// When a computed tensor is as good as the expected one.
#pragma once

#include <string>

#include "mtmi/tensor.h"

namespace mtmi::conformance {

/// What sets `got` apart from `expected`: type, shape, or the first element that is out of
/// tolerance; "" where nothing does. The tolerance is that of the ONNX project's own runner,
/// |got - expected| <= 1e-7 + 1e-3 |expected|, for bfloat16 (8 bits of precision) 1e-2; integers
/// and bools are equal; NaN equals NaN.
[[nodiscard]] std::string describe_difference(const Tensor& expected, const Tensor& got);

}  // namespace mtmi::conformance
