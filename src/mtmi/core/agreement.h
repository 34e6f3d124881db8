// How far two tensors agree: the one comparison behind checks, proofs and `mtmi compare`.
#pragma once

#include <cstdint>
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
  double equal_fraction = 1.0;   ///< elements with the same bits [1]
  std::int64_t different = 0;    ///< elements with other bits
  std::int64_t count = 0;        ///< of all elements
  std::int64_t worst_index = 0;  ///< of the largest difference, row-major

  /// max_difference / range; the plain difference where the range is 0.
  [[nodiscard]] double relative_difference() const noexcept;
};

/// Throws Error(InvalidArgument) if dtype or shape differ.
[[nodiscard]] Agreement compare(const Tensor& expected, const Tensor& got);

/// The tolerance rule of mtmi: floating-point tensors agree when relative_difference() <=
/// tolerance; integers (labels) when at least 99.99 % are equal, or all but two of 1,000 or more: a
/// tie of two scores must not fail a small picture.
[[nodiscard]] bool agrees(const Agreement& agreement, DType dtype, double tolerance) noexcept;

/// "equal to the bit", or "largest difference 3.1e-06 of a range of 2.4 (1.3e-06)", or, for
/// integers, "99.9981 % equal".
[[nodiscard]] std::string describe(const Agreement& agreement, DType dtype);

}  // namespace mtmi
