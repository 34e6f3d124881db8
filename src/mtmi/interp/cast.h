// Conversion of whole tensors.
#pragma once

#include "mtmi/tensor.h"

namespace mtmi::interp {

/// The elements of `src` as `dtype` (kernels/cast.h); `src` itself where it has that type.
[[nodiscard]] Tensor cast(const Tensor& src, DType dtype);

}  // namespace mtmi::interp
