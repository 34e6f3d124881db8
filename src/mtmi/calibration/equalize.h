// A head whose channels fill the ranges of their tensors.
#pragma once

#include <span>

#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"

namespace mtmi::calibration {

/// quant::equalize() by what the channels of `head` hold on `samples`, in float32 on `cpu`.
/// Throws Error(InvalidModel) naming a tensor that holds what is not finite; what Session throws.
[[nodiscard]] Graph equalized(const Backend& cpu, Graph head, std::span<const TensorMap> samples);

}  // namespace mtmi::calibration
