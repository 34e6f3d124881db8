// One loop nest over several tensors, each with strides of its own: what broadcasting, transposing
// and copying of sub-boxes have in common.
//
// Building a loop allocates a few words; walking it does not.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mtmi/shape.h"

namespace mtmi::kernels {

/// The strides of a dense, row-major tensor [elements].
[[nodiscard]] std::vector<std::int64_t> dense_strides(const Shape& shape);

/// A loop nest that N tensors walk together.
///
/// Inv: every list of strides is as long as `extents`.
template <std::size_t N>
struct StridedLoop {
  std::vector<std::int64_t> extents;                 ///< outermost first
  std::array<std::vector<std::int64_t>, N> strides;  ///< per tensor [elements]; 0: repeats
};

namespace detail {

/// Whether step `outer` of every tensor is as far as all steps of `inner`.
template <std::size_t N>
bool can_merge(const StridedLoop<N>& loop, std::size_t outer, std::size_t inner) {
  for (const std::vector<std::int64_t>& strides : loop.strides) {
    if (strides[outer] != strides[inner] * loop.extents[inner]) {
      return false;
    }
  }
  return true;
}

template <std::size_t N, class F>
void walk(const StridedLoop<N>& loop,
          std::size_t axis,
          std::array<std::int64_t, N> offsets,
          const F& row) {
  if (axis + 1 == loop.extents.size()) {
    row(offsets);
    return;
  }
  for (std::int64_t i = 0; i < loop.extents[axis]; ++i) {
    walk(loop, axis + 1, offsets, row);
    for (std::size_t n = 0; n < N; ++n) {
      offsets[n] += loop.strides[n][axis];
    }
  }
}

}  // namespace detail

/// The same loop with the fewest axes: those of extent 1 dropped, those that run on merged. It has
/// at least one axis; a loop with no elements is one axis of extent 0.
template <std::size_t N>
[[nodiscard]] StridedLoop<N> collapsed(const StridedLoop<N>& loop) {
  StridedLoop<N> result;
  const auto push = [&](std::int64_t extent, std::size_t axis) {
    result.extents.push_back(extent);
    for (std::size_t n = 0; n < N; ++n) {
      result.strides[n].push_back(loop.strides[n][axis]);
    }
  };
  std::size_t last = loop.extents.size();  // the axis of `loop` whose strides stand at the back
  for (std::size_t axis = 0; axis < loop.extents.size(); ++axis) {
    if (loop.extents[axis] == 0) {
      StridedLoop<N> empty;
      empty.extents = {0};
      empty.strides.fill({1});
      return empty;
    }
    if (loop.extents[axis] == 1) {
      continue;
    }
    if (last != loop.extents.size() && detail::can_merge(loop, last, axis)) {
      result.extents.back() *= loop.extents[axis];
      for (std::size_t n = 0; n < N; ++n) {
        result.strides[n].back() = loop.strides[n][axis];
      }
    } else {
      push(loop.extents[axis], axis);
    }
    last = axis;
  }
  if (result.extents.empty()) {
    result.extents = {1};
    result.strides.fill({1});
  }
  return result;
}

/// Calls row(offsets) for every run along the innermost axis, in row-major order; `offsets` says
/// where the run starts in each tensor [elements].
///
/// Pre: `loop` is collapsed() (so that the depth of the nest is at most 60, whatever a file says).
template <std::size_t N, class F>
void for_each_row(const StridedLoop<N>& loop, const F& row) {
  if (loop.extents.back() != 0) {
    detail::walk(loop, 0, {}, row);
  }
}

}  // namespace mtmi::kernels
