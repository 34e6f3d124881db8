#include "mtmi/core/agreement.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

#include "mtmi/core/half.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr double kLabelsEqual = 0.9999;

double as_double(Float16 h) {
  return static_cast<double>(to_float(h));
}

double as_double(BFloat16 b) {
  return static_cast<double>(to_float(b));
}

template <class T>
double as_double(T x) {
  return static_cast<double>(x);
}

double difference_of(double expected, double got) {
  if (expected == got || (std::isnan(expected) && std::isnan(got))) {
    return 0.0;
  }
  const double difference = std::abs(got - expected);
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

template <class T>
Agreement compare_elements(const Tensor& expected, const Tensor& got) {
  const auto a = expected.data<T>();
  const auto b = got.data<T>();
  Agreement result;
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  double sum = 0.0;
  std::int64_t equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = as_double(a[i]);
    const double difference = difference_of(x, as_double(b[i]));
    if (difference > result.max_difference) {
      result.max_difference = difference;
      result.worst_index = static_cast<std::int64_t>(i);
    }
    sum += difference;
    // Bits, so that NaN equals itself. NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
    equal += std::memcmp(&a[i], &b[i], sizeof(T)) == 0 ? 1 : 0;
    if (std::isfinite(x)) {
      lowest = std::min(lowest, x);
      highest = std::max(highest, x);
    }
  }
  if (!a.empty()) {
    result.mean_difference = sum / static_cast<double>(a.size());
    result.equal_fraction = static_cast<double>(equal) / static_cast<double>(a.size());
  }
  result.count = static_cast<std::int64_t>(a.size());
  result.different = result.count - equal;
  result.range = highest >= lowest ? highest - lowest : 0.0;
  result.bit_equal = bitwise_equal(expected, got);
  return result;
}

}  // namespace

double Agreement::relative_difference() const noexcept {
  return range > 0.0 ? max_difference / range : max_difference;
}

Agreement compare(const Tensor& expected, const Tensor& got) {
  if (expected.dtype() != got.dtype() || expected.shape() != got.shape()) {
    throw Error(ErrorCode::InvalidArgument,
                "core::compare",
                "got " + std::string(to_string(got.dtype())) + to_string(got.shape()) +
                    ", expected " + std::string(to_string(expected.dtype())) +
                    to_string(expected.shape()));
  }
  switch (expected.dtype()) {
    case DType::Float32:
      return compare_elements<float>(expected, got);
    case DType::Float16:
      return compare_elements<Float16>(expected, got);
    case DType::BFloat16:
      return compare_elements<BFloat16>(expected, got);
    case DType::Float64:
      return compare_elements<double>(expected, got);
    case DType::Int8:
      return compare_elements<std::int8_t>(expected, got);
    case DType::UInt8:
      return compare_elements<std::uint8_t>(expected, got);
    case DType::Int32:
      return compare_elements<std::int32_t>(expected, got);
    case DType::Int64:
      return compare_elements<std::int64_t>(expected, got);
    case DType::Bool:
      return compare_elements<bool>(expected, got);
  }
  return {};
}

bool agrees(const Agreement& agreement, DType dtype, double tolerance) noexcept {
  return is_floating_point(dtype) ? agreement.relative_difference() <= tolerance
                                  : agreement.equal_fraction >= kLabelsEqual ||
                                        (agreement.count >= 1000 && agreement.different <= 2);
}

std::string describe(const Agreement& agreement, DType dtype) {
  if (agreement.bit_equal) {
    return "equal to the bit";
  }
  char text[128];
  if (is_floating_point(dtype)) {
    std::snprintf(text,
                  sizeof(text),
                  "largest difference %.2g of a range of %.3g (%.2g)",
                  agreement.max_difference,
                  agreement.range,
                  agreement.relative_difference());
  } else {
    std::snprintf(text, sizeof(text), "%.4f %% equal", 100.0 * agreement.equal_fraction);
  }
  return text;
}

}  // namespace mtmi
