// Pooling as its definition says.
//
// Reference kernels accumulate in double and round once to T.
#pragma once

#include <array>
#include <cstdint>

#include "mtmi/core/window.h"

namespace mtmi::kernels {

/// src [planes, in...], dst [planes, out...]: always three spatial axes; those that a pooling lacks
/// are Window{} in front.
struct PoolProblem {
  std::int64_t planes = 1;
  std::array<Window, 3> windows;
};

/// dst = the mean of the elements of src under the window. The divisor counts the taps inside the
/// source, or inside the padded source if `count_include_pad`. Without any such tap dst is 0.
///
/// T is float or double. Never throws.
template <class T>
void average_pool_ref(const PoolProblem& problem,
                      bool count_include_pad,
                      const T* src,
                      T* dst) noexcept;

/// dst = the largest element of src under the window, the first of equal ones; the lowest value of
/// T if the window holds none. `indices` (may be nullptr) = where it stands in src, planes counted;
/// within a plane row-major, or column-major if `column_major`; 0 for an empty window.
///
/// T is float, double, std::int8_t or std::uint8_t. Never throws.
template <class T>
void max_pool_ref(const PoolProblem& problem,
                  bool column_major,
                  const T* src,
                  T* dst,
                  std::int64_t* indices) noexcept;

}  // namespace mtmi::kernels
