// How far an INT8 head is from the same head in float32.
#pragma once

#include <cstdint>
#include <optional>

#include "mtmi/tensor.h"

namespace mtmi::deploy {

/// Sums over any number of tensors, in float64 and in the order of their elements. A value.
class Int8Error {
 public:
  /// Floating-point tensors of one type and shape. Throws Error(InvalidArgument).
  void add_values(const Tensor& expected, const Tensor& got);

  /// 10 log10(sum of expected^2 / sum of (got - expected)^2) [dB]; nothing without noise.
  [[nodiscard]] std::optional<double> sqnr_db() const;
  /// Mean of |got - expected| / |expected| over values that are not 0 [1].
  [[nodiscard]] double relative_change() const;

 private:
  double signal_ = 0.0;
  double noise_ = 0.0;
  double relative_ = 0.0;
  std::int64_t values_ = 0;  // that are not 0
};

}  // namespace mtmi::deploy
