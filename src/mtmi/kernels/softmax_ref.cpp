#include "mtmi/kernels/softmax_ref.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mtmi::kernels {
namespace {

/// Of one line along the axis.
struct LineStatistics {
  double max = -std::numeric_limits<double>::infinity();
  double sum = 0.0;  ///< of exp(x - max)
};

template <class T>
LineStatistics statistics_of(const AxisSplit& split, const T* line) noexcept {
  LineStatistics result;
  for (std::int64_t i = 0; i < split.extent; ++i) {
    result.max = std::max(result.max, static_cast<double>(line[i * split.inner]));
  }
  for (std::int64_t i = 0; i < split.extent; ++i) {
    result.sum += std::exp(static_cast<double>(line[i * split.inner]) - result.max);
  }
  return result;
}

/// dst = f(src, statistics of its line).
template <class T, class F>
void map_lines(const AxisSplit& split, const T* src, T* dst, F f) noexcept {
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (std::int64_t k = 0; k < split.inner; ++k) {
      const std::int64_t start = o * split.extent * split.inner + k;
      const LineStatistics line = statistics_of(split, src + start);
      for (std::int64_t i = 0; i < split.extent; ++i) {
        const std::int64_t at = start + i * split.inner;
        dst[at] = static_cast<T>(f(static_cast<double>(src[at]), line));
      }
    }
  }
}

}  // namespace

template <class T>
void softmax_ref(const AxisSplit& split, const T* src, T* dst) noexcept {
  map_lines(split, src, dst, [](double x, const LineStatistics& line) {
    return std::exp(x - line.max) / line.sum;
  });
}

template <class T>
void log_softmax_ref(const AxisSplit& split, const T* src, T* dst) noexcept {
  map_lines(split, src, dst, [](double x, const LineStatistics& line) {
    return x - line.max - std::log(line.sum);
  });
}

template void softmax_ref(const AxisSplit&, const float*, float*) noexcept;
template void softmax_ref(const AxisSplit&, const double*, double*) noexcept;
template void log_softmax_ref(const AxisSplit&, const float*, float*) noexcept;
template void log_softmax_ref(const AxisSplit&, const double*, double*) noexcept;

}  // namespace mtmi::kernels
