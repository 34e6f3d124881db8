// The product of two matrices as its definition says: the oracle for every faster one.
//
// Reference kernels accumulate in double (integers: modulo 2^64) and round once to T.
#pragma once

#include <cstdint>

namespace mtmi::kernels {

/// A matrix in memory; a transposed one has its strides swapped.
template <class T>
struct MatrixView {
  const T* data = nullptr;
  std::int64_t row_stride = 0;     ///< [elements]
  std::int64_t column_stride = 1;  ///< [elements]
};

/// dst[i,j] = alpha * sum over l of a[i,l] * b[l,j], for a [m,k], b [k,n] and dense dst [m,n].
///
/// T is float, double, std::int32_t or std::int64_t; for integers alpha is applied in double and
/// the result truncated, unless it is 1. `dst` overlaps neither source. Never throws.
template <class T>
void matmul_ref(std::int64_t m,
                std::int64_t k,
                std::int64_t n,
                double alpha,
                MatrixView<T> a,
                MatrixView<T> b,
                T* dst) noexcept;

}  // namespace mtmi::kernels
