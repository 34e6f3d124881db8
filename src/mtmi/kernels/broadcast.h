// Functions of one, two or three elements over whole tensors, with broadcasting.
//
// Kernels take views and write to views. They do not allocate, throw, log, lock, or keep state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "mtmi/kernels/element.h"
#include "mtmi/kernels/strided_loop.h"
#include "mtmi/shape.h"

namespace mtmi::kernels {

/// The strides with which a dense tensor of `shape` is read as one of `rank` axes: 0 where its
/// extent is 1. Pre: rank >= shape.rank().
[[nodiscard]] std::vector<std::int64_t> broadcast_strides(const Shape& shape, int rank);

/// The loop over a dense tensor of shape `dst` (tensor 0) and dense tensors that broadcast to it
/// (tensors 1 to N), collapsed. Pre: each of `srcs` broadcasts to `dst`.
template <std::size_t N>
[[nodiscard]] StridedLoop<N + 1> broadcast_loop(const Shape& dst,
                                                const std::array<const Shape*, N>& srcs) {
  StridedLoop<N + 1> loop;
  loop.extents = dst.extents();
  loop.strides[0] = dense_strides(dst);
  for (std::size_t n = 0; n < N; ++n) {
    loop.strides[n + 1] = broadcast_strides(*srcs[n], dst.rank());
  }
  return collapsed(loop);
}

/// dst[i] = f(src[i]). Pre: dst.size() == src.size().
template <class D, class S, class F>
void map(std::span<D> dst, std::span<const S> src, const F& f) {
  for (std::size_t i = 0; i < src.size(); ++i) {
    dst[i] = store<D>(f(load(src[i])));
  }
}

/// dst[i] = f(a[i], b[i]), broadcast by `loop` = broadcast_loop(dst, {a, b}).
template <class D, class A, class B, class F>
void map(const StridedLoop<3>& loop, D* dst, const A* a, const B* b, const F& f) {
  const std::int64_t count = loop.extents.back();
  const std::int64_t step_a = loop.strides[1].back();
  const std::int64_t step_b = loop.strides[2].back();
  for_each_row(loop, [&](const std::array<std::int64_t, 3>& at) {
    D* const to = dst + at[0];
    const A* const x = a + at[1];
    const B* const y = b + at[2];
    // The steps are written out where they are the usual ones, so that the compiler vectorises.
    if (step_a == 1 && step_b == 1) {
      for (std::int64_t i = 0; i < count; ++i) {
        to[i] = store<D>(f(load(x[i]), load(y[i])));
      }
    } else if (step_a == 1 && step_b == 0) {
      const auto fixed = load(*y);
      for (std::int64_t i = 0; i < count; ++i) {
        to[i] = store<D>(f(load(x[i]), fixed));
      }
    } else {
      for (std::int64_t i = 0; i < count; ++i) {
        to[i] = store<D>(f(load(x[i * step_a]), load(y[i * step_b])));
      }
    }
  });
}

}  // namespace mtmi::kernels
