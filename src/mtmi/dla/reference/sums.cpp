#include "mtmi/dla/reference/sums.h"

#include <algorithm>

#include "mtmi/core/half.h"

namespace mtmi::dla::reference {

double PerChannel::at(const Shape& shape, std::int64_t element) const {
  const auto count = static_cast<std::int64_t>(values.size());
  if (count == 1) {
    return values[0];
  }
  const std::int64_t of_image = shape.num_elements() / shape[0];
  const std::int64_t in_image = element % of_image;
  return values[static_cast<std::size_t>(in_image / (of_image / count))];
}

namespace {

/// The factor from integers to steps of the result, in float64 until the last.
float multiplier(const Sums& sums, std::int64_t i, double slope, std::optional<float> scale) {
  const double step = sums.numerator.at(sums.shape, i) * slope;
  return static_cast<float>(step / (sums.denominator * (scale ? *scale : 1.0)));
}

std::int8_t leave_as_int8(
    std::int64_t n, float m, const Exit& exit, float scale, Rounding rounding) {
  std::int8_t q = requantize(n, m, rounding);
  if (exit.lower) {
    q = std::max(q, to_int8(*exit.lower / scale, rounding));
  }
  if (exit.upper) {
    q = std::min(q, to_int8(*exit.upper / scale, rounding));
  }
  return q;
}

Float16 leave_as_clipped_half(std::int64_t n, float m, const Exit& exit) {
  Float16 h = leave_as_half(n, m);
  if (exit.lower && to_float(h) <= *exit.lower) {
    h = to_half(*exit.lower);
  }
  if (exit.upper && to_float(h) > *exit.upper) {
    h = to_half(*exit.upper);
  }
  return h;
}

}  // namespace

Tensor leave(const Sums& sums, const Exit& exit, std::optional<float> scale, Rounding rounding) {
  Tensor result(scale ? DType::Int8 : DType::Float16, sums.shape);
  for (std::int64_t i = 0; i < sums.shape.num_elements(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::int64_t n = exit.relu ? std::max<std::int64_t>(sums.n[at], 0) : sums.n[at];
    const double slope = n < 0 && exit.slope ? exit.slope->at(sums.shape, i) : 1.0;
    const float m = multiplier(sums, i, slope, scale);
    if (scale) {
      result.data<std::int8_t>()[at] = leave_as_int8(n, m, exit, *scale, rounding);
    } else {
      result.data<Float16>()[at] = leave_as_clipped_half(n, m, exit);
    }
  }
  return result;
}

}  // namespace mtmi::dla::reference
