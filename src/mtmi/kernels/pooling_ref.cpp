#include "mtmi/kernels/pooling_ref.h"

#include <algorithm>
#include <limits>

namespace mtmi::kernels {
namespace {

struct Position {
  std::int64_t d = 0;
  std::int64_t h = 0;
  std::int64_t w = 0;
};

/// Calls f(plane, output) for every element of the destination, in row-major order.
template <class F>
void for_each_output(const PoolProblem& p, F f) noexcept {
  const auto& [wd, wh, ww] = p.windows;
  for (std::int64_t plane = 0; plane < p.planes; ++plane) {
    for (std::int64_t d = 0; d < wd.out; ++d) {
      for (std::int64_t h = 0; h < wh.out; ++h) {
        for (std::int64_t w = 0; w < ww.out; ++w) {
          f(plane, Position{d, h, w});
        }
      }
    }
  }
}

/// Calls f(source position) for every tap of `output` inside the source, in row-major order.
template <class F>
void for_each_tap(const PoolProblem& p, const Position& output, F f) noexcept {
  const auto& [wd, wh, ww] = p.windows;
  const IndexRange inside_d = taps_inside(wd, output.d);
  const IndexRange inside_h = taps_inside(wh, output.h);
  const IndexRange inside_w = taps_inside(ww, output.w);
  for (std::int64_t kd = inside_d.begin; kd < inside_d.end; ++kd) {
    for (std::int64_t kh = inside_h.begin; kh < inside_h.end; ++kh) {
      for (std::int64_t kw = inside_w.begin; kw < inside_w.end; ++kw) {
        f(Position{
            wd.position(output.d, kd), wh.position(output.h, kh), ww.position(output.w, kw)});
      }
    }
  }
}

std::int64_t row_major(const PoolProblem& p, const Position& at) noexcept {
  return (at.d * p.windows[1].in + at.h) * p.windows[2].in + at.w;
}

std::int64_t column_major_index(const PoolProblem& p, const Position& at) noexcept {
  return (at.w * p.windows[1].in + at.h) * p.windows[0].in + at.d;
}

std::int64_t plane_size(const PoolProblem& p) noexcept {
  return p.windows[0].in * p.windows[1].in * p.windows[2].in;
}

/// Taps of output `o` inside the padded source; one that Keep lets reach beyond it does not count.
std::int64_t padded_taps(const Window& w, std::int64_t o) noexcept {
  const std::int64_t room = w.in + w.pad_end - w.position(o, 0);
  return std::clamp<std::int64_t>(ceil_div(room, w.dilation), 0, w.kernel);
}

}  // namespace

template <class T>
void average_pool_ref(const PoolProblem& problem,
                      bool count_include_pad,
                      const T* src,
                      T* dst) noexcept {
  for_each_output(problem, [&](std::int64_t plane, const Position& output) {
    const T* const from = src + plane * plane_size(problem);
    double sum = 0.0;
    std::int64_t count = 0;
    for_each_tap(problem, output, [&](const Position& at) {
      sum += static_cast<double>(from[row_major(problem, at)]);
      ++count;
    });
    if (count_include_pad) {
      count = padded_taps(problem.windows[0], output.d) *
              padded_taps(problem.windows[1], output.h) * padded_taps(problem.windows[2], output.w);
    }
    *dst++ = count == 0 ? T{0} : static_cast<T>(sum / static_cast<double>(count));
  });
}

template <class T>
void max_pool_ref(const PoolProblem& problem,
                  bool column_major,
                  const T* src,
                  T* dst,
                  std::int64_t* indices) noexcept {
  constexpr T kLowest = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                             : std::numeric_limits<T>::lowest();
  for_each_output(problem, [&](std::int64_t plane, const Position& output) {
    const std::int64_t start = plane * plane_size(problem);
    T best = kLowest;
    std::int64_t index = 0;
    bool found = false;
    for_each_tap(problem, output, [&](const Position& at) {
      const T x = src[start + row_major(problem, at)];
      if (!found || x > best) {
        found = true;
        best = x;
        index = start + (column_major ? column_major_index(problem, at) : row_major(problem, at));
      }
    });
    *dst++ = best;
    if (indices != nullptr) {
      *indices++ = index;
    }
  });
}

template void average_pool_ref(const PoolProblem&, bool, const float*, float*) noexcept;
template void average_pool_ref(const PoolProblem&, bool, const double*, double*) noexcept;
template void max_pool_ref(const PoolProblem&, bool, const float*, float*, std::int64_t*) noexcept;
template void max_pool_ref(
    const PoolProblem&, bool, const double*, double*, std::int64_t*) noexcept;
template void max_pool_ref(
    const PoolProblem&, bool, const std::int8_t*, std::int8_t*, std::int64_t*) noexcept;
template void max_pool_ref(
    const PoolProblem&, bool, const std::uint8_t*, std::uint8_t*, std::int64_t*) noexcept;

}  // namespace mtmi::kernels
