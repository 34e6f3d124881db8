// Counts tensors into histograms as fast as they can be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "mtmi/core/cpu_features.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/quant/histogram.h"

namespace mtmi::quant {

/// What Histogram::add() does, on all threads of a pool and with vector instructions. All that is
/// added up are integers, so the result is the same for every number of threads and every
/// instruction set. Holds a quarter of a mebibyte per thread. Thread-compatible.
class HistogramCounter {
 public:
  /// Pre: has_isa(isa). `pool` must outlive the counter.
  explicit HistogramCounter(ThreadPool& pool = thread_pool(), Isa isa = best_isa());

  /// As histogram.add(values).
  [[nodiscard]] std::optional<NonFinite> count(std::span<const float> values, Histogram& histogram);

 private:
  /// What one thread has counted. All counts are zero between two calls of count().
  struct Worker {
    std::vector<std::uint32_t> counts;  ///< bins, then zero slots (bin_kernels.h)
    std::uint32_t largest_bits = 0;     ///< of |x|, as an integer
    int exponent = 0;                   ///< bins are 2^exponent wide
    // After finish():
    std::size_t used = 0;  ///< bins that may be other than 0
    std::uint64_t zeros = 0;

    void start(int first_exponent);
    void finish();
  };

  /// Returns false, having counted nothing, if a value is not finite.
  [[nodiscard]] bool count_segment(std::span<const float> values, Histogram& histogram);
  void count_block(Worker& worker, std::span<const float> block) const;
  [[nodiscard]] bool is_finite(std::span<const float> values) const;

  ThreadPool& pool_;
  Isa isa_;
  std::vector<Worker> workers_;
};

}  // namespace mtmi::quant
