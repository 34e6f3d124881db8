// Weights rounded to INT8 so that the errors of a sum make up for each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mtmi::quant {

/// Sums of q_i q_j over what a sum of `taps` products reads, i and j the places of two taps. All in
/// integers: the same for every order of columns and every number of threads. A value.
class SecondMoments {
 public:
  /// Throws Error(OutOfMemory). Pre: taps > 0.
  explicit SecondMoments(std::size_t taps);

  [[nodiscard]] std::size_t taps() const noexcept { return taps_; }

  /// Adds the columns of a matrix [taps, count], row-major. Pre: values.size() == taps() * count,
  /// all within [-128, 127], count <= 2^16.
  void add(std::span<const std::int16_t> values, std::size_t count);

  /// Of taps i and j. Pre: both < taps().
  [[nodiscard]] double at(std::size_t i, std::size_t j) const noexcept {
    return static_cast<double>(sums_[i >= j ? triangle(i) + j : triangle(j) + i]);
  }

 private:
  static std::size_t triangle(std::size_t i) noexcept { return i * (i + 1) / 2; }

  std::size_t taps_;
  std::vector<std::int64_t> sums_;  // lower triangle, row by row
};

/// `weights` [rows, taps], each row rounded to integers within [-127, 127] times its scale, so that
/// the sum over columns x of (w x - q x)^2 becomes small, not each (w - q)^2: taps are rounded one
/// after the other, those that matter most first, and what rounding one took away, the others give
/// back as far as they can. With H = L L^T the moments, their mean diagonal's hundredth added to
/// the diagonal, tap k becomes
///
///   q[k] = round(w[k] + sum over j done of L[j,k] / L[k,k] (w[j] - q[j]))
///
/// (E. Frantar et al. 2022, arXiv 2210.17323; L. Babai's nearest plane). A weight of the size of
/// its row's scale x 127 stays as it is, so that the row keeps its scale. The result is float32 on
/// its grid: rounding it to the nearest gives the same integers. The same for every number of
/// threads.
///
/// Throws Error(OutOfMemory). Pre: all finite, scales > 0, one a row; weights.size() ==
/// scales.size() * moments.taps().
[[nodiscard]] std::vector<float> round_with_feedback(std::span<const float> weights,
                                                     std::span<const float> scales,
                                                     const SecondMoments& moments);

}  // namespace mtmi::quant
