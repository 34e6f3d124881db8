#include "mtmi/quant/histogram_counter.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "mtmi/core/assert.h"
#include "mtmi/quant/bin_kernels.h"

namespace mtmi::quant {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 15;  // elements: what a thread takes at a time
constexpr std::size_t kChunksPerWorker = 4;  // fewer do not pay for bringing counts together
constexpr std::size_t kSegment = std::size_t{1} << 31;  // elements: no 32-bit count overflows
constexpr std::uint32_t kInfinityBits = 0x7F800000U;

float magnitude(std::uint32_t bits) {
  return std::bit_cast<float>(bits);
}

/// Merges bins in pairs, `times` times; in the end all lies in bin 0.
void halve_bins(std::uint32_t* bins, int times) {
  for (int t = 0; t < std::min(times, 16); ++t) {
    for (std::size_t k = 0; k < Histogram::kBins / 2; ++k) {
      bins[k] = bins[2 * k] + bins[2 * k + 1];
    }
    std::fill(bins + Histogram::kBins / 2, bins + Histogram::kBins, 0U);
  }
}

std::size_t used_bins(float absmax, int exponent) {
  return absmax == 0.0F ? 0 : static_cast<std::size_t>(std::ldexp(double{absmax}, -exponent)) + 1;
}

NonFinite find_non_finite(std::span<const float> values) {
  const auto it =
      std::find_if(values.begin(), values.end(), [](float x) { return !std::isfinite(x); });
  return {.index = static_cast<std::size_t>(it - values.begin()), .value = *it};
}

}  // namespace

HistogramCounter::HistogramCounter(ThreadPool& pool, Isa isa)
    : pool_(pool), isa_(isa), workers_(static_cast<std::size_t>(pool.num_threads())) {
  MTMI_ASSERT(has_isa(isa));
}

std::optional<NonFinite> HistogramCounter::count(std::span<const float> values,
                                                 Histogram& histogram) {
  std::size_t counted = 0;
  if (values.size() > kSegment && !is_finite(values)) {  // before some of it is counted
    return find_non_finite(values);
  }
  while (counted < values.size()) {
    const auto segment = values.subspan(counted, std::min(kSegment, values.size() - counted));
    if (!count_segment(segment, histogram)) {
      return find_non_finite(values);
    }
    counted += segment.size();
  }
  return std::nullopt;
}

bool HistogramCounter::count_segment(std::span<const float> values, Histogram& histogram) {
  const std::size_t chunks = (values.size() + kChunk - 1) / kChunk;
  const std::size_t workers =
      std::clamp(chunks / kChunksPerWorker, std::size_t{1}, workers_.size());
  std::atomic<std::size_t> next{0};
  pool_.parallel_for(static_cast<std::int64_t>(workers), [&](std::int64_t index) {
    Worker& worker = workers_[static_cast<std::size_t>(index)];
    worker.start(histogram.exponent());
    for (std::size_t i = next.fetch_add(1); i < chunks; i = next.fetch_add(1)) {
      const std::size_t first = i * kChunk;
      const auto chunk = values.subspan(first, std::min(kChunk, values.size() - first));
      for (std::size_t k = 0; k < chunk.size(); k += kLookAhead) {
        count_block(worker, chunk.subspan(k, std::min(kLookAhead, chunk.size() - k)));
      }
    }
    worker.finish();
  });
  const std::span<Worker> busy(workers_.data(), workers);
  const bool finite = std::all_of(busy.begin(), busy.end(), [](const Worker& worker) {
    return worker.largest_bits < kInfinityBits;
  });
  for (Worker& worker : busy) {
    const std::span<std::uint32_t> bins(worker.counts.data(), worker.used);
    if (finite) {
      histogram.merge(bins, worker.zeros, magnitude(worker.largest_bits), worker.exponent);
    }
    std::fill(bins.begin(), bins.end(), 0U);
  }
  return finite;
}

void HistogramCounter::count_block(Worker& worker, std::span<const float> block) const {
  const BinKernel& kernel = bin_kernel(isa_);
  const std::uint32_t largest = kernel.largest_bits(block.data(), block.size());
  const bool is_first = worker.largest_bits == 0;
  worker.largest_bits = std::max(worker.largest_bits, largest);
  if (worker.largest_bits >= kInfinityBits) {
    return;  // all of it will be refused
  }
  const int exponent = Histogram::exponent_for(magnitude(worker.largest_bits));
  if (exponent > worker.exponent) {
    if (!is_first) {
      halve_bins(worker.counts.data(), exponent - worker.exponent);
    }
    worker.exponent = exponent;
  }
  kernel.count(
      block.data(), block.size(), std::ldexp(1.0F, -worker.exponent), worker.counts.data());
}

bool HistogramCounter::is_finite(std::span<const float> values) const {
  return bin_kernel(isa_).largest_bits(values.data(), values.size()) < kInfinityBits;
}

void HistogramCounter::Worker::start(int first_exponent) {
  counts.resize(kCounts);
  largest_bits = 0;
  exponent = first_exponent;
}

void HistogramCounter::Worker::finish() {
  // What was counted in front of a value that is not finite may lie in any bin.
  used = largest_bits >= kInfinityBits ? Histogram::kBins
                                       : used_bins(magnitude(largest_bits), exponent);
  const auto zero_slots = std::span(counts).subspan(Histogram::kBins);
  zeros = std::accumulate(zero_slots.begin(), zero_slots.end(), std::uint64_t{0});
  std::fill(zero_slots.begin(), zero_slots.end(), 0U);
}

}  // namespace mtmi::quant
