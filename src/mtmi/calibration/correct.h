// INT8 layers whose weights and biases make up for what rounding does to them.
#pragma once

#include <map>
#include <span>
#include <string>

#include "mtmi/core/progress.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"

namespace mtmi::calibration {

struct Corrections {
  /// Weights are rounded by quant::round_with_feedback(), not each to the nearest.
  bool feedback = false;
  /// To the bias of each output channel is added what INT8 takes from its mean.
  bool bias = false;

  [[nodiscard]] bool any() const noexcept { return feedback || bias; }
};

/// `head` with other weights and biases, for INT8 with `scales` (by value name). What it computes
/// in float32 changes by about what INT8 had changed; names stay.
///
/// Layer after layer, each reads what those before it, corrected, make in INT8 on `cpu`:
///
///   feedback   weights come to lie on their grid, their scales stay (quant/weight_rounding.h)
///   bias       b += mean(float32 sum) - mean(INT8 sum) of each output channel, over all positions
///              of all samples, padding included (M. Nagel et al. 2019, arXiv 1906.04721, section
///              4.2, the empirical form)
///
/// Of Convs without groups over images, in layers that run in INT8. The means of INT8 sums are sums
/// of integers, those of float32 in fixed point (core/exact_sum.h): the same for every order of
/// samples and every number of threads.
///
/// Every layer in front of another runs once; `progress` is told of each (step "correct").
///
/// Pre: at least one sample. Throws Error(InvalidModel) naming a tensor that holds what is not
/// finite or is too large to be added up; Error(OutOfMemory), Error(Interrupted); what Session
/// throws.
[[nodiscard]] Graph corrected(const Backend& cpu,
                              Graph head,
                              const std::map<std::string, float>& scales,
                              std::span<const TensorMap> samples,
                              const Corrections& corrections,
                              const ProgressFunction& progress);

}  // namespace mtmi::calibration
