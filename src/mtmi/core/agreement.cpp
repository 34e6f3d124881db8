#include "mtmi/core/agreement.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <span>

#include "mtmi/core/assert.h"
#include "mtmi/core/axis_split.h"
#include "mtmi/core/half.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr double kLabelsEqual = 0.9999;
constexpr std::int64_t kLabelsThatResolveIt = 10'000;
/// Of the largest value; 4 units in the last place of a float32 [1].
constexpr double kRounding = 4.0 * static_cast<double>(std::numeric_limits<float>::epsilon());
constexpr double kInfinity = std::numeric_limits<double>::infinity();

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
      result.magnitude = std::max(result.magnitude, std::abs(x));
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

/// Calls `visit` with the elements as a span of their type.
template <class Visitor>
auto visit_elements(const Tensor& tensor, Visitor visit) {
  switch (tensor.dtype()) {
    case DType::Float32:
      return visit(tensor.data<float>());
    case DType::Float16:
      return visit(tensor.data<Float16>());
    case DType::BFloat16:
      return visit(tensor.data<BFloat16>());
    case DType::Float64:
      return visit(tensor.data<double>());
    case DType::Int8:
      return visit(tensor.data<std::int8_t>());
    case DType::UInt8:
      return visit(tensor.data<std::uint8_t>());
    case DType::Int32:
      return visit(tensor.data<std::int32_t>());
    case DType::Int64:
      return visit(tensor.data<std::int64_t>());
    case DType::Bool:
      return visit(tensor.data<bool>());
  }
  MTMI_ASSERT(false);
  std::abort();
}

void check_same_type(const Tensor& expected, const Tensor& got) {
  if (expected.dtype() != got.dtype() || expected.shape() != got.shape()) {
    throw Error(ErrorCode::InvalidArgument,
                "core::compare",
                "got " + std::string(to_string(got.dtype())) + to_string(got.shape()) +
                    ", expected " + std::string(to_string(expected.dtype())) +
                    to_string(expected.shape()));
  }
}

/// Scores as the ArgMax saw them: [outer, classes, inner].
class ScoreTable {
 public:
  explicit ScoreTable(const LabelScores& scores)
      : tensor_(scores.tensor), split_(split_at_axis(scores.tensor.shape(), scores.axis)) {
    visit_elements(tensor_, [this](auto elements) {
      for (const auto element : elements) {
        const double value = as_double(element);
        if (std::isfinite(value)) {
          lowest_ = std::min(lowest_, value);
          highest_ = std::max(highest_, value);
        }
      }
    });
  }

  [[nodiscard]] std::int64_t num_labels() const { return split_.outer * split_.inner; }

  /// Distance of the scores of classes `a` and `b` at label `index`, of the range of all scores.
  [[nodiscard]] double gap(std::int64_t index, double a, double b) const {
    const auto is_class = [this](double label) {
      return label >= 0.0 && label < static_cast<double>(split_.extent);
    };
    if (!is_class(a) || !is_class(b)) {
      return kInfinity;
    }
    const double distance = difference_of(at(index, a), at(index, b));
    return highest_ > lowest_ ? distance / (highest_ - lowest_) : distance;
  }

 private:
  [[nodiscard]] double at(std::int64_t index, double label) const {
    const std::int64_t outer = index / split_.inner;
    const std::int64_t inner = index % split_.inner;
    const std::int64_t row = outer * split_.extent + static_cast<std::int64_t>(label);
    const auto position = static_cast<std::size_t>(row * split_.inner + inner);
    return visit_elements(tensor_,
                          [position](auto elements) { return as_double(elements[position]); });
  }

  const Tensor& tensor_;
  AxisSplit split_;
  double lowest_ = kInfinity;
  double highest_ = -kInfinity;
};

}  // namespace

double Agreement::relative_difference() const noexcept {
  return range > 0.0 ? max_difference / range : max_difference;
}

bool Agreement::within_rounding() const noexcept {
  return max_difference <= kRounding * magnitude;
}

Agreement compare(const Tensor& expected, const Tensor& got) {
  check_same_type(expected, got);
  return visit_elements(expected, [&]<class T>(std::span<const T> /*elements*/) {
    return compare_elements<T>(expected, got);
  });
}

Agreement compare_labels(const Tensor& expected, const Tensor& got, const LabelScores& scores) {
  Agreement result = compare(expected, got);
  const ScoreTable table(scores);
  if (table.num_labels() != result.count) {
    throw Error(ErrorCode::InvalidArgument,
                "core::compare_labels",
                "got the scores of " + std::to_string(table.num_labels()) + " labels, expected " +
                    std::to_string(result.count));
  }
  double widest = 0.0;
  visit_elements(expected, [&]<class T>(std::span<const T> a) {
    const auto b = got.data<T>();
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double x = as_double(a[i]);
      const double y = as_double(b[i]);
      if (x != y) {
        widest = std::max(widest, table.gap(static_cast<std::int64_t>(i), x, y));
      }
    }
  });
  result.widest_tie = widest;
  return result;
}

bool agrees(const Agreement& agreement, DType dtype, double tolerance) noexcept {
  if (is_floating_point(dtype)) {
    return agreement.relative_difference() <= tolerance ||
           (tolerance > 0.0 && agreement.within_rounding());
  }
  const bool enough_equal = agreement.equal_fraction >= kLabelsEqual;
  if (!agreement.widest_tie) {
    return enough_equal;
  }
  return *agreement.widest_tie <= tolerance &&
         (enough_equal || agreement.count < kLabelsThatResolveIt);
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
  } else if (agreement.widest_tie) {
    std::snprintf(text,
                  sizeof(text),
                  "%.4f %% equal, scores of the others within %.2g",
                  100.0 * agreement.equal_fraction,
                  *agreement.widest_tie);
  } else {
    std::snprintf(text, sizeof(text), "%.4f %% equal", 100.0 * agreement.equal_fraction);
  }
  return text;
}

}  // namespace mtmi
