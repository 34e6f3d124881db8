// A head whose channels fill the ranges of their tensors.
#pragma once

#include <span>

#include "mtmi/core/progress.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"

namespace mtmi::calibration {

/// quant::equalize() by what the channels of `head` hold on `samples`, in float32 on `cpu`.
/// `progress` is told of each sample (step "equalize").
/// Throws Error(InvalidModel) naming a tensor that holds what is not finite; Error(Interrupted);
/// what Session throws.
[[nodiscard]] Graph equalized(const Backend& cpu,
                              Graph head,
                              std::span<const TensorMap> samples,
                              const ProgressFunction& progress);

}  // namespace mtmi::calibration
