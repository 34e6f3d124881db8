// How far two tensors agree: the one comparison behind checks, proofs and `mtmi compare`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mtmi/tensor.h"

namespace mtmi {

/// What comparing a tensor with the expected one gave.
struct Agreement {
  bool bit_equal = false;
  /// Largest |got - expected|; infinite where only one of the two is NaN, or infinities differ.
  double max_difference = 0.0;
  double mean_difference = 0.0;
  /// Largest less smallest finite expected element.
  double range = 0.0;
  double magnitude = 0.0;        ///< largest |x| of the finite expected elements
  double equal_fraction = 1.0;   ///< elements with the same bits [1]
  std::int64_t different = 0;    ///< elements with other bits
  std::int64_t count = 0;        ///< of all elements
  std::int64_t worst_index = 0;  ///< of the largest difference, row-major
  /// Of labels whose scores are known: the widest gap between the expected scores of two labels
  /// that differ, of the scores' range; 0 where all are equal, infinite for a label that is none.
  std::optional<double> widest_tie;

  /// max_difference / range; the plain difference where the range is 0.
  [[nodiscard]] double relative_difference() const noexcept;

  /// Whether max_difference <= 4 * 2^-23 * magnitude: what two orders of computing in float32 may
  /// differ by in their last bits, however narrow the range is.
  [[nodiscard]] bool within_rounding() const noexcept;
};

/// Throws Error(InvalidArgument) if dtype or shape differ.
[[nodiscard]] Agreement compare(const Tensor& expected, const Tensor& got);

/// What an ArgMax or ArgMin chose its labels from.
struct LabelScores {
  Tensor tensor;  ///< with the extent of `axis` more than the labels, in their order
  int axis = 0;   ///< over which it chose, from the front
};

/// compare() of labels, which also measures how near the scores of differing labels lie (in
/// `widest_tie`). `scores` are those that `expected` was chosen from.
/// Throws Error(InvalidArgument) if dtype or shape differ, or the scores are not those of as many
/// labels.
[[nodiscard]] Agreement compare_labels(const Tensor& expected,
                                       const Tensor& got,
                                       const LabelScores& scores);

/// The tolerance rule of mtmi: floating-point tensors agree when relative_difference() <=
/// tolerance or, unless it is 0, within_rounding(); integers when at least 99.99 % are equal.
/// Labels with known scores: when wherever they differ the two scores lie within the tolerance, and
/// at least 99.99 % are equal; of fewer than 10,000 labels, which cannot resolve that share, ties
/// alone decide.
[[nodiscard]] bool agrees(const Agreement& agreement, DType dtype, double tolerance) noexcept;

/// "equal to the bit", or "largest difference 3.1e-06 of a range of 2.4 (1.3e-06)", or, for
/// integers, "99.9981 % equal", for labels with known scores "; ties within 1.2e-06" as well.
[[nodiscard]] std::string describe(const Agreement& agreement, DType dtype);

}  // namespace mtmi
