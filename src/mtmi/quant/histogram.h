// How often each magnitude was seen: what thresholds are chosen from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mtmi::quant {

/// An element that has no magnitude.
struct NonFinite {
  std::size_t index = 0;  ///< in what was to be counted
  float value = 0.0F;     ///< NaN or an infinity
};

/// Counts of |x| in bins of equal width 2^e that start at 0: bin k holds k * 2^e <= |x| <
/// (k + 1) * 2^e. Exact zeros are counted apart.
///
/// e is the smallest, not below kMinExponent, for which the largest |x| has a bin. When it goes up,
/// bins are merged in pairs, which is exact: a histogram depends on the multiset of its values
/// alone, not on their order or on how they were brought together. A value type of half a mebibyte;
/// thread-compatible.
class Histogram {
 public:
  static constexpr std::size_t kBins = std::size_t{1} << 16;
  /// Smaller bins would need a factor that float32 has not.
  static constexpr int kMinExponent = -126;

  Histogram() : bins_(kBins) {}

  /// Of counts that were stored; nothing if they contradict each other.
  [[nodiscard]] static std::optional<Histogram> from_counts(float absmax,
                                                            std::uint64_t zeros,
                                                            std::vector<std::uint64_t> bins);

  /// Counts `values` one after the other; HistogramCounter does it fast. If one of them is not
  /// finite, names the first such and counts none.
  [[nodiscard]] std::optional<NonFinite> add(std::span<const float> values);

  /// Counts all that `other` has counted.
  void merge(const Histogram& other);

  /// Counts given per bin of width 2^exponent, with their largest magnitude. Pre: bins.size() <=
  /// kBins; exponent_for(absmax) <= exponent <= exponent_for(max(absmax, this->absmax())).
  void merge(std::span<const std::uint32_t> bins,
             std::uint64_t zeros,
             float absmax,
             int exponent) noexcept;

  /// The largest |x|; 0 if there was none but zeros.
  [[nodiscard]] float absmax() const noexcept { return absmax_; }

  [[nodiscard]] std::uint64_t zeros() const noexcept { return zeros_; }

  /// Of all values, zeros included.
  [[nodiscard]] std::uint64_t count() const noexcept;

  /// kBins counts, zeros left out.
  [[nodiscard]] std::span<const std::uint64_t> bins() const noexcept { return bins_; }

  /// e.
  [[nodiscard]] int exponent() const noexcept { return exponent_; }

  /// 2^e.
  [[nodiscard]] double bin_width() const noexcept;

  /// The e for a largest magnitude. Pre: finite.
  [[nodiscard]] static int exponent_for(float absmax) noexcept;

  bool operator==(const Histogram&) const = default;

 private:
  void widen(int exponent) noexcept;

  std::vector<std::uint64_t> bins_;
  std::uint64_t zeros_ = 0;
  float absmax_ = 0.0F;
  int exponent_ = kMinExponent;
};

/// The counts of `histogram`, zeros included, in `bins` equal bins over [0, absmax]: each fine bin
/// goes as a whole where its centre lies, to the last where that is beyond absmax.
/// Pre: histogram.absmax() > 0, bins > 0.
[[nodiscard]] std::vector<std::uint64_t> collapse(const Histogram& histogram, std::size_t bins);

}  // namespace mtmi::quant
