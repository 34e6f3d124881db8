#include "mtmi/core/statistics.h"

#include <algorithm>
#include <cmath>

#include "mtmi/core/assert.h"

namespace mtmi {

Summary summarize(std::vector<double> sample) {
  MTMI_ASSERT(!sample.empty());
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  const std::size_t middle = sample.size() / 2;
  const double median =
      sample.size() % 2 == 1 ? sample[middle] : (sample[middle - 1] + sample[middle]) / 2.0;
  // Ranks n/2 -+ 1.96 sqrt(n)/2, counted from 1.
  const double reach = 1.96 * std::sqrt(n) / 2.0;
  const auto clamp_rank = [&](double rank) {
    return sample[static_cast<std::size_t>(std::clamp(rank, 1.0, n)) - 1];
  };
  return {.median = median,
          .low = clamp_rank(std::floor(n / 2.0 - reach)),
          .high = clamp_rank(std::ceil(1.0 + n / 2.0 + reach)),
          .minimum = sample.front(),
          .p99 = clamp_rank(std::ceil(0.99 * n))};
}

}  // namespace mtmi
