#include "mtmi/kernels/normalization_ref.h"

#include <cmath>

namespace mtmi::kernels {

template <class T>
void normalize_rows_ref(std::int64_t rows,
                        std::int64_t columns,
                        double epsilon,
                        const T* src,
                        T* dst,
                        std::span<double> mean,
                        std::span<double> inv_std) noexcept {
  const auto count = static_cast<double>(columns);
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* const row = src + r * columns;
    double sum = 0.0;
    for (std::int64_t c = 0; c < columns; ++c) {
      sum += static_cast<double>(row[c]);
    }
    const double center = sum / count;
    double squares = 0.0;
    for (std::int64_t c = 0; c < columns; ++c) {
      const double d = static_cast<double>(row[c]) - center;
      squares += d * d;
    }
    const double factor = 1.0 / std::sqrt(squares / count + epsilon);
    for (std::int64_t c = 0; c < columns; ++c) {
      dst[r * columns + c] = static_cast<T>((static_cast<double>(row[c]) - center) * factor);
    }
    mean[static_cast<std::size_t>(r)] = center;
    inv_std[static_cast<std::size_t>(r)] = factor;
  }
}

template <class T>
void batch_norm_ref(const AxisSplit& split,
                    double epsilon,
                    std::span<const double> scale,
                    std::span<const double> bias,
                    std::span<const double> mean,
                    std::span<const double> variance,
                    const T* src,
                    T* dst) noexcept {
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (std::int64_t i = 0; i < split.extent; ++i) {
      const auto c = static_cast<std::size_t>(i);
      const double factor = scale[c] / std::sqrt(variance[c] + epsilon);
      const std::int64_t start = (o * split.extent + i) * split.inner;
      for (std::int64_t k = start; k < start + split.inner; ++k) {
        dst[k] = static_cast<T>((static_cast<double>(src[k]) - mean[c]) * factor + bias[c]);
      }
    }
  }
}

template void normalize_rows_ref(std::int64_t,
                                 std::int64_t,
                                 double,
                                 const float*,
                                 float*,
                                 std::span<double>,
                                 std::span<double>) noexcept;
template void normalize_rows_ref(std::int64_t,
                                 std::int64_t,
                                 double,
                                 const double*,
                                 double*,
                                 std::span<double>,
                                 std::span<double>) noexcept;
template void batch_norm_ref(const AxisSplit&,
                             double,
                             std::span<const double>,
                             std::span<const double>,
                             std::span<const double>,
                             std::span<const double>,
                             const float*,
                             float*) noexcept;
template void batch_norm_ref(const AxisSplit&,
                             double,
                             std::span<const double>,
                             std::span<const double>,
                             std::span<const double>,
                             std::span<const double>,
                             const double*,
                             double*) noexcept;

}  // namespace mtmi::kernels
