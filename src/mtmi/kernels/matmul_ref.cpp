#include "mtmi/kernels/matmul_ref.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <type_traits>

#include "mtmi/kernels/saturate.h"

namespace mtmi::kernels {
namespace {

// Columns of one row that are accumulated together, so that the innermost loop runs along memory.
constexpr std::int64_t kBlock = 64;

template <class T>
using Sum = std::conditional_t<std::is_integral_v<T>, std::uint64_t, double>;

template <class T>
T finish(Sum<T> sum, double alpha) noexcept {
  if constexpr (std::is_integral_v<T>) {
    const auto exact = static_cast<std::int64_t>(sum);
    return alpha == 1.0 ? static_cast<T>(exact) : saturate<T>(alpha * static_cast<double>(exact));
  } else {
    return static_cast<T>(alpha * sum);
  }
}

}  // namespace

template <class T>
void matmul_ref(std::int64_t m,
                std::int64_t k,
                std::int64_t n,
                double alpha,
                MatrixView<T> a,
                MatrixView<T> b,
                T* dst) noexcept {
  std::array<Sum<T>, kBlock> sums;
  for (std::int64_t i = 0; i < m; ++i) {
    for (std::int64_t begin = 0; begin < n; begin += kBlock) {
      const std::int64_t count = std::min(kBlock, n - begin);
      sums.fill({});
      for (std::int64_t l = 0; l < k; ++l) {
        const auto factor = static_cast<Sum<T>>(a.data[i * a.row_stride + l * a.column_stride]);
        const T* const row = b.data + l * b.row_stride + begin * b.column_stride;
        for (std::int64_t j = 0; j < count; ++j) {
          sums[static_cast<std::size_t>(j)] +=
              factor * static_cast<Sum<T>>(row[j * b.column_stride]);
        }
      }
      for (std::int64_t j = 0; j < count; ++j) {
        dst[i * n + begin + j] = finish<T>(sums[static_cast<std::size_t>(j)], alpha);
      }
    }
  }
}

template void matmul_ref(std::int64_t,
                         std::int64_t,
                         std::int64_t,
                         double,
                         MatrixView<float>,
                         MatrixView<float>,
                         float*) noexcept;
template void matmul_ref(std::int64_t,
                         std::int64_t,
                         std::int64_t,
                         double,
                         MatrixView<double>,
                         MatrixView<double>,
                         double*) noexcept;
template void matmul_ref(std::int64_t,
                         std::int64_t,
                         std::int64_t,
                         double,
                         MatrixView<std::int32_t>,
                         MatrixView<std::int32_t>,
                         std::int32_t*) noexcept;
template void matmul_ref(std::int64_t,
                         std::int64_t,
                         std::int64_t,
                         double,
                         MatrixView<std::int64_t>,
                         MatrixView<std::int64_t>,
                         std::int64_t*) noexcept;

}  // namespace mtmi::kernels
