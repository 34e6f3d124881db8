#include "mtmi/eval/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "mtmi/core/assert.h"
#include "mtmi/core/random.h"

namespace mtmi::eval {
namespace {

/// Between order statistics by straight lines (the definition that NumPy calls "linear").
double quantile(std::span<const double> sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(position));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double fraction = position - std::floor(position);
  return sorted[below] + fraction * (sorted[above] - sorted[below]);
}

}  // namespace

Interval bootstrap(std::size_t scenes,
                   FunctionRef<double(std::span<const std::size_t> drawn)> statistic,
                   const BootstrapOptions& options) {
  MTMI_ASSERT(scenes >= 1 && options.replicates >= 1);
  MTMI_ASSERT(options.confidence > 0.0 && options.confidence < 1.0);
  std::vector<double> values(static_cast<std::size_t>(options.replicates));
  const std::uint64_t first = Random(options.seed).next();
  thread_pool().parallel_for(options.replicates, [&](std::int64_t replicate) {
    // Scrambled twice: neither replicates nor seeds that are neighbours draw alike.
    Random random(Random(first + static_cast<std::uint64_t>(replicate)).next());
    std::vector<std::size_t> drawn(scenes);
    for (std::size_t& index : drawn) {
      index = static_cast<std::size_t>(random.below(scenes));
    }
    values[static_cast<std::size_t>(replicate)] = statistic(drawn);
  });
  std::sort(values.begin(), values.end());
  const double tail = (1.0 - options.confidence) / 2.0;
  return {.low = quantile(values, tail), .high = quantile(values, 1.0 - tail)};
}

}  // namespace mtmi::eval
