// infer() of functions of one element, which keep type and shape.
#pragma once

#include <vector>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {

/// The type of input 0. Refuses all but floating-point types.
[[nodiscard]] std::vector<TensorType> infer_floating_point_map(const InferContext& context);

/// The type of input 0. Refuses Bool.
[[nodiscard]] std::vector<TensorType> infer_numeric_map(const InferContext& context);

}  // namespace mtmi::ops
