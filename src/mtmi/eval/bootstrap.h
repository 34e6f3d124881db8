// How sure a figure is that was measured on a sample of scenes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "mtmi/core/thread_pool.h"

namespace mtmi::eval {

struct Interval {
  double low = 0.0;
  double high = 0.0;

  [[nodiscard]] bool contains(double x) const noexcept { return low <= x && x <= high; }

  bool operator==(const Interval&) const = default;
};

struct BootstrapOptions {
  int replicates = 2000;
  std::uint64_t seed = 1;
  double confidence = 0.95;
};

/// The percentile interval of `statistic` over resampled scenes (Efron 1979): each replicate draws
/// `scenes` indices with replacement and hands them over. To compare two variants, let `statistic`
/// be their difference on the scenes drawn: then it is paired.
///
/// A pure function of its arguments: replicate r draws from a generator of its own, so threads do
/// not matter. `statistic` is called from several threads at a time and must not throw.
/// Pre: scenes >= 1, replicates >= 1, 0 < confidence < 1.
[[nodiscard]] Interval bootstrap(std::size_t scenes,
                                 FunctionRef<double(std::span<const std::size_t> drawn)> statistic,
                                 const BootstrapOptions& options = {});

}  // namespace mtmi::eval
