// Medians with confidence intervals.
#pragma once

#include <vector>

namespace mtmi {

/// Order statistics of a sample. All in the unit of the sample.
struct Summary {
  double median = 0.0;
  double low = 0.0;   ///< of the 95 % confidence interval of the median
  double high = 0.0;  ///< of the same
  double minimum = 0.0;
  double p99 = 0.0;
};

/// The interval is the distribution-free one by ranks (binomial with p = 1/2, normal
/// approximation); for fewer than 6 values it is the whole range. Pre: `sample` is not empty.
[[nodiscard]] Summary summarize(std::vector<double> sample);

}  // namespace mtmi
