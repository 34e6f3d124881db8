#include "mtmi/quant/histogram.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "mtmi/core/assert.h"

namespace mtmi::quant {
namespace {

constexpr int kLogBins = 16;
static_assert(Histogram::kBins == std::size_t{1} << kLogBins);

/// counts[k] := counts[2^shift * k] + ... + counts[2^shift * (k + 1) - 1]; zeros behind them.
void merge_runs(std::span<std::uint64_t> counts, int shift) noexcept {
  if (shift > kLogBins) {  // all that there is falls into bin 0
    shift = kLogBins;
  }
  const std::size_t run = std::size_t{1} << shift;
  const std::size_t merged = counts.size() / run;
  for (std::size_t k = 0; k < merged; ++k) {
    const auto first = counts.begin() + static_cast<std::ptrdiff_t>(k * run);
    counts[k] = std::accumulate(first, first + static_cast<std::ptrdiff_t>(run), std::uint64_t{0});
  }
  std::fill(counts.begin() + static_cast<std::ptrdiff_t>(merged), counts.end(), std::uint64_t{0});
}

}  // namespace

int Histogram::exponent_for(float absmax) noexcept {
  int exponent = 0;
  std::frexp(absmax, &exponent);  // absmax < 2^exponent
  return absmax == 0.0F ? kMinExponent : std::max(exponent - kLogBins, kMinExponent);
}

double Histogram::bin_width() const noexcept {
  return std::ldexp(1.0, exponent_);
}

std::uint64_t Histogram::count() const noexcept {
  return std::accumulate(bins_.begin(), bins_.end(), zeros_);
}

std::optional<Histogram> Histogram::from_counts(float absmax,
                                                std::uint64_t zeros,
                                                std::vector<std::uint64_t> bins) {
  if (!std::isfinite(absmax) || absmax < 0.0F || bins.size() != kBins) {
    return std::nullopt;
  }
  Histogram histogram;
  histogram.absmax_ = absmax;
  histogram.exponent_ = exponent_for(absmax);
  histogram.zeros_ = zeros;
  histogram.bins_ = std::move(bins);
  // The bin of absmax is the last that is not empty; there is none if absmax is 0.
  const auto last = std::find_if(
      histogram.bins_.rbegin(), histogram.bins_.rend(), [](std::uint64_t n) { return n != 0; });
  const auto behind_last = static_cast<double>(histogram.bins_.rend() - last);
  const bool agrees = absmax == 0.0F
                          ? behind_last == 0.0
                          : std::floor(absmax / histogram.bin_width()) + 1.0 == behind_last;
  return agrees ? std::optional(std::move(histogram)) : std::nullopt;
}

void Histogram::widen(int exponent) noexcept {
  if (exponent > exponent_) {
    merge_runs(bins_, exponent - exponent_);
    exponent_ = exponent;
  }
}

std::optional<NonFinite> Histogram::add(std::span<const float> values) {
  float largest = 0.0F;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return NonFinite{.index = i, .value = values[i]};
    }
    largest = std::max(largest, std::abs(values[i]));
  }
  absmax_ = std::max(absmax_, largest);
  widen(exponent_for(absmax_));
  const double bins_per_unit = std::ldexp(1.0, -exponent_);
  for (const float value : values) {
    if (value == 0.0F) {
      ++zeros_;
    } else {
      ++bins_[static_cast<std::size_t>(std::abs(static_cast<double>(value)) * bins_per_unit)];
    }
  }
  return std::nullopt;
}

void Histogram::merge(const Histogram& other) {
  absmax_ = std::max(absmax_, other.absmax_);
  widen(other.exponent_);
  zeros_ += other.zeros_;
  const int shift = std::min(exponent_ - other.exponent_, kLogBins);
  for (std::size_t k = 0; k < kBins; ++k) {
    bins_[k >> shift] += other.bins_[k];
  }
}

void Histogram::merge(std::span<const std::uint32_t> bins,
                      std::uint64_t zeros,
                      float absmax,
                      int exponent) noexcept {
  absmax_ = std::max(absmax_, absmax);
  MTMI_ASSERT(bins.size() <= kBins && exponent <= exponent_for(absmax_) &&
              exponent_for(absmax) <= exponent);
  widen(exponent);
  zeros_ += zeros;
  const int shift = std::min(exponent_ - exponent, kLogBins);
  if (shift == 0) {  // what happens from the second image on, a loop that is vectorised
    std::transform(bins.begin(), bins.end(), bins_.begin(), bins_.begin(), std::plus<>());
    return;
  }
  for (std::size_t k = 0; k < bins.size(); ++k) {
    bins_[k >> shift] += bins[k];
  }
}

std::vector<std::uint64_t> collapse(const Histogram& histogram, std::size_t bins) {
  MTMI_ASSERT(histogram.absmax() > 0.0F && bins > 0);
  const double width = histogram.bin_width();
  const double absmax = histogram.absmax();
  const auto goes_to = [&](std::size_t k) {  // never less for a larger k
    const double centre = (static_cast<double>(k) + 0.5) * width;
    return std::floor(centre * static_cast<double>(bins) / absmax);
  };
  // The first fine bin that goes to `bin` or behind it: about where it should, then exactly.
  const auto first_of = [&](std::size_t bin) {
    const auto wanted = static_cast<double>(bin);
    const double about = wanted * absmax / (static_cast<double>(bins) * width);
    auto k = static_cast<std::size_t>(std::min(about, static_cast<double>(Histogram::kBins)));
    for (; k > 0 && goes_to(k - 1) >= wanted; --k) {
    }
    for (; k < Histogram::kBins && goes_to(k) < wanted; ++k) {
    }
    return k;
  };
  std::vector<std::uint64_t> collapsed(bins);
  collapsed[0] = histogram.zeros();
  const auto fine = histogram.bins();
  std::size_t begin = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t end = bin + 1 < bins ? first_of(bin + 1) : fine.size();
    const auto here = fine.subspan(begin, end - begin);
    collapsed[bin] = std::accumulate(here.begin(), here.end(), collapsed[bin]);
    begin = end;
  }
  return collapsed;
}

}  // namespace mtmi::quant
