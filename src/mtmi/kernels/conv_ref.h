// Convolution as its definition says: the oracle for every faster one.
//
// Kernels take views and write to views. They do not allocate, throw, log, lock, or keep state.
// Reference kernels accumulate in double and round once to T.
#pragma once

#include <array>
#include <cstdint>

#include "mtmi/core/window.h"

namespace mtmi::kernels {

/// src [n, groups, ic, in...], weights [groups, oc, ic, kernel...], dst [n, groups, oc, out...]:
/// always three spatial axes; those that a convolution lacks are Window{} in front.
struct ConvProblem {
  std::int64_t n = 1;
  std::int64_t groups = 1;
  std::int64_t ic = 1;  ///< in one group
  std::int64_t oc = 1;  ///< in one group
  std::array<Window, 3> windows;

  /// Elements of one channel of the source, the destination, the weights.
  [[nodiscard]] std::int64_t src_plane() const noexcept;
  [[nodiscard]] std::int64_t dst_plane() const noexcept;
  [[nodiscard]] std::int64_t taps() const noexcept;
};

/// dst[n,g,o,p] = bias[g,o] + sum over i, k of weights[g,o,i,k] * src[n,g,i, position(p, k)], where
/// the source is 0 outside its extents. `bias` may be nullptr.
///
/// T is float or double. Pre: the views hold as many elements as `problem` says and do not overlap.
template <class T>
void conv_ref(
    const ConvProblem& problem, const T* src, const T* weights, const T* bias, T* dst) noexcept;

/// The transposed convolution: src [n, groups, ic, out...], weights [groups, ic, oc, kernel...],
/// dst [n, groups, oc, in...]. The windows are those of the convolution it transposes, so its
/// source has the extents `out` and its destination `in`: dst[n,g,o, position(p, k)] +=
/// weights[g,i,o,k] * src[n,g,i,p] for every i, p, k inside, from bias[g,o]. `bias` may be nullptr.
/// `accumulator` holds the elements of one destination channel.
template <class T>
void conv_transpose_ref(const ConvProblem& problem,
                        const T* src,
                        const T* weights,
                        const T* bias,
                        T* dst,
                        double* accumulator) noexcept;

}  // namespace mtmi::kernels
