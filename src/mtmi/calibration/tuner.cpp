#include "mtmi/calibration/tuner.h"

#include <utility>

#include "mtmi/calibration/equalize.h"

namespace mtmi::calibration {

Tuner::Tuner(const Backend& cpu,
             std::function<std::vector<TensorMap>()> take,
             ProgressFunction progress)
    : cpu_(cpu), take_(std::move(take)), progress_(std::move(progress)) {}

Graph Tuner::equalize(Graph head) {
  return equalized(cpu_, std::move(head), samples(), progress_);
}

Graph Tuner::correct(Graph head,
                     const std::map<std::string, float>& scales,
                     const Corrections& corrections) {
  if (!corrections.any()) {
    return head;
  }
  return corrected(cpu_, std::move(head), scales, samples(), corrections, progress_);
}

std::span<const TensorMap> Tuner::samples() {
  if (samples_.empty()) {
    samples_ = take_();
  }
  return samples_;
}

}  // namespace mtmi::calibration
