#include "mtmi/deploy/limits.h"

#include <fmt/core.h>

namespace mtmi::deploy {

std::vector<std::string> beyond_limits(const bundle::Verified& verified,
                                       const AgreementLimits& limits) {
  std::vector<std::string> sentences;
  const double changed = 1.0 - verified.equal_fraction;
  if (limits.max_labels_changed && verified.type != "f32" && changed > *limits.max_labels_changed) {
    sentences.push_back(
        fmt::format("output '{}': INT8 changed {:.4f} of the labels, expected at "
                    "most {}",
                    verified.output,
                    changed,
                    *limits.max_labels_changed));
  }
  if (limits.max_depth_change && verified.relative_change &&
      *verified.relative_change > *limits.max_depth_change) {
    sentences.push_back(
        fmt::format("output '{}': INT8 changed depth by {:.4f} on average, expected "
                    "at most {}",
                    verified.output,
                    *verified.relative_change,
                    *limits.max_depth_change));
  }
  if (limits.min_sqnr && verified.sqnr_db && *verified.sqnr_db < *limits.min_sqnr) {
    sentences.push_back(
        fmt::format("output '{}': {:.1f} dB of signal to quantisation noise, "
                    "expected at least {}",
                    verified.output,
                    *verified.sqnr_db,
                    *limits.min_sqnr));
  }
  return sentences;
}

}  // namespace mtmi::deploy
