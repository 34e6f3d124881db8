// What a layer holds before it leaves it, and how it leaves. Private to dla/reference/.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mtmi/dla/int8_arithmetic.h"
#include "mtmi/tensor.h"

namespace mtmi::dla::reference {

/// Numbers of which there is one for all elements of [n, c, ...], one per channel, or one per
/// element of [c, ...].
struct PerChannel {
  std::vector<double> values{1.0};

  [[nodiscard]] double at(const Shape& shape, std::int64_t element) const;
};

/// Exact integers: element i stands for the real number n[i] * numerator(i) / denominator.
struct Sums {
  Shape shape;
  std::vector<std::int64_t> n;
  PerChannel numerator;
  double denominator = 1.0;
};

/// What is done on the way out.
struct Exit {
  bool relu = false;
  std::optional<PerChannel> slope;  ///< LeakyRelu, PRelu: factor of negative numbers
  std::optional<float> lower;       ///< Clip
  std::optional<float> upper;
};

/// As INT8 in steps of `scale`, or without a scale as FP16.
[[nodiscard]] Tensor leave(const Sums& sums,
                           const Exit& exit,
                           std::optional<float> scale,
                           Rounding rounding);

}  // namespace mtmi::dla::reference
