// Sums of products over any number of axes as their definition says.
//
// Floating-point types accumulate in double and round once, integers modulo 2^64.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/kernels/reduction_ref.h"

namespace mtmi::kernels {

/// A loop nest over `extents`, of which the first `output_rank` are axes of the destination.
struct EinsumProblem {
  std::span<const std::int64_t> extents;
  int output_rank = 0;
  /// Per operand, one stride per axis of the nest [elements].
  std::span<const std::vector<std::int64_t>> strides;
};

namespace detail {

template <class T>
struct EinsumOperands {
  std::span<const T* const> data;
  std::span<std::int64_t> offsets;  ///< of the current position, per operand
};

/// Calls f() at every position of axes [axis, last), in row-major order, with the offsets there.
template <class T, class F>
void walk_axes(const EinsumProblem& p,
               EinsumOperands<T>& operands,
               std::size_t axis,
               std::size_t last,
               const F& f) noexcept {
  if (axis == last) {
    f();
    return;
  }
  for (std::int64_t i = 0; i < p.extents[axis]; ++i) {
    walk_axes(p, operands, axis + 1, last, f);
    for (std::size_t n = 0; n < operands.offsets.size(); ++n) {
      operands.offsets[n] += p.strides[n][axis];
    }
  }
  for (std::size_t n = 0; n < operands.offsets.size(); ++n) {
    operands.offsets[n] -= p.extents[axis] * p.strides[n][axis];
  }
}

}  // namespace detail

/// dst[i...] = sum over the other axes of the product of all operands. `dst` is dense. `offsets`
/// holds one number per operand, of any value.
template <class T>
void einsum_ref(const EinsumProblem& problem,
                std::span<const T* const> operands,
                T* dst,
                std::span<std::int64_t> offsets) noexcept {
  std::fill(offsets.begin(), offsets.end(), 0);
  detail::EinsumOperands<T> at{operands, offsets};
  const auto output_rank = static_cast<std::size_t>(problem.output_rank);
  detail::walk_axes(problem, at, 0, output_rank, [&] {
    Accumulator<T> sum = 0;
    detail::walk_axes(problem, at, output_rank, problem.extents.size(), [&] {
      Accumulator<T> product = 1;
      for (std::size_t n = 0; n < at.data.size(); ++n) {
        product = multiply(product, static_cast<Accumulator<T>>(load(at.data[n][at.offsets[n]])));
      }
      sum = add(sum, product);
    });
    *dst++ = store<T>(static_cast<ComputeType<T>>(sum));
  });
}

}  // namespace mtmi::kernels
