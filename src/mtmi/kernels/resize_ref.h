// Resampling along one axis: what Resize does to a tensor, axis by axis.
//
// Intermediate results between axes are double; they are rounded once, behind the last.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/core/axis_split.h"

namespace mtmi::kernels {

/// A sparse matrix [out, in], row by row: output o is
/// offsets[o] + sum over t in [first[o], first[o+1]) of weights[t] * src[indices[t]].
struct AxisTaps {
  std::vector<std::int64_t> first;    ///< out + 1 of them
  std::vector<std::int64_t> indices;  ///< in [0, in)
  std::vector<double> weights;        ///< as many
  std::vector<double> offsets;        ///< out of them

  [[nodiscard]] std::int64_t num_outputs() const noexcept {
    return static_cast<std::int64_t>(offsets.size());
  }
};

/// src [outer, extent, inner] to dst [outer, taps.num_outputs(), inner]. They do not overlap.
void resample_axis_ref(const AxisSplit& split,
                       const AxisTaps& taps,
                       const double* src,
                       double* dst) noexcept;

/// dst[o, i, k] = src[o, indices[i], k], or `fill` where indices[i] < 0. They do not overlap.
template <class T>
void select_along_axis_ref(const AxisSplit& split,
                           std::span<const std::int64_t> indices,
                           T fill,
                           const T* src,
                           T* dst) noexcept {
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (const std::int64_t index : indices) {
      if (index < 0) {
        dst = std::fill_n(dst, split.inner, fill);
      } else {
        dst = std::copy_n(src + (o * split.extent + index) * split.inner, split.inner, dst);
      }
    }
  }
}

}  // namespace mtmi::kernels
