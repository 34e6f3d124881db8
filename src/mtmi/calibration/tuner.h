// Weights of heads made fit for INT8 by a few images: before ranges are taken, and once scales are
// known.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "mtmi/calibration/correct.h"
#include "mtmi/core/progress.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"

namespace mtmi::calibration {

/// Tunes heads that read what one encoder gives. A head is equalised, calibrated as it is then, and
/// corrected with the scales that were found. Thread-compatible.
class Tuner {
 public:
  /// `take` gives what the heads read of a few images (take_tuning_samples()); it is called once,
  /// when there is something to do. `progress` is told of each pass over them. `cpu` outlives the
  /// tuner.
  Tuner(const Backend& cpu,
        std::function<std::vector<TensorMap>()> take,
        ProgressFunction progress);

  /// equalized() on the samples. Throws what that and `take` throw.
  [[nodiscard]] Graph equalize(Graph head);

  /// corrected() on the samples; the head as it is where nothing is to be corrected.
  /// Throws what that and `take` throw.
  [[nodiscard]] Graph correct(Graph head,
                              const std::map<std::string, float>& scales,
                              const Corrections& corrections);

 private:
  [[nodiscard]] std::span<const TensorMap> samples();

  const Backend& cpu_;
  std::function<std::vector<TensorMap>()> take_;
  ProgressFunction progress_;
  std::vector<TensorMap> samples_;
};

}  // namespace mtmi::calibration
