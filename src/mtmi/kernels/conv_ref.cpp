#include "mtmi/kernels/conv_ref.h"

#include <algorithm>

namespace mtmi::kernels {
namespace {

// Outputs of one row that are accumulated together, so that the innermost loop runs along memory.
constexpr std::int64_t kBlock = 64;

/// Outputs [begin, end) of one row, in double.
struct RowBlock {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::array<double, kBlock> sums;
};

/// Adds what source row `src` gives to `block`, for all taps of the innermost axis.
template <class T>
void accumulate_row(const Window& w, const T* src, const T* weights, RowBlock& block) noexcept {
  for (std::int64_t k = 0; k < w.kernel; ++k) {
    const auto weight = static_cast<double>(weights[k]);
    const IndexRange inside = outputs_inside(w, k);
    const std::int64_t begin = std::max(block.begin, inside.begin);
    const std::int64_t end = std::min(block.end, inside.end);
    for (std::int64_t o = begin; o < end; ++o) {
      block.sums[static_cast<std::size_t>(o - block.begin)] +=
          weight * static_cast<double>(src[w.position(o, k)]);
    }
  }
}

/// Adds what all channels of one group give to `block` of output row (od, oh).
template <class T>
void accumulate_block(const ConvProblem& p,
                      std::int64_t od,
                      std::int64_t oh,
                      const T* src,
                      const T* weights,
                      RowBlock& block) noexcept {
  const auto& [wd, wh, ww] = p.windows;
  const IndexRange inside_d = taps_inside(wd, od);
  const IndexRange inside_h = taps_inside(wh, oh);
  for (std::int64_t i = 0; i < p.ic; ++i) {
    for (std::int64_t kd = inside_d.begin; kd < inside_d.end; ++kd) {
      for (std::int64_t kh = inside_h.begin; kh < inside_h.end; ++kh) {
        const std::int64_t row = (i * wd.in + wd.position(od, kd)) * wh.in + wh.position(oh, kh);
        const std::int64_t taps = ((i * wd.kernel + kd) * wh.kernel + kh) * ww.kernel;
        accumulate_row(ww, src + row * ww.in, weights + taps, block);
      }
    }
  }
}

/// One channel of the destination.
template <class T>
void conv_channel(
    const ConvProblem& p, const T* src, const T* weights, double bias, T* dst) noexcept {
  const auto& [wd, wh, ww] = p.windows;
  RowBlock block;
  for (std::int64_t od = 0; od < wd.out; ++od) {
    for (std::int64_t oh = 0; oh < wh.out; ++oh) {
      T* const row = dst + (od * wh.out + oh) * ww.out;
      for (block.begin = 0; block.begin < ww.out; block.begin = block.end) {
        block.end = std::min(ww.out, block.begin + kBlock);
        block.sums.fill(bias);
        accumulate_block(p, od, oh, src, weights, block);
        for (std::int64_t o = block.begin; o < block.end; ++o) {
          row[o] = static_cast<T>(block.sums[static_cast<std::size_t>(o - block.begin)]);
        }
      }
    }
  }
}

/// Adds weight[k] * src[o] to sums[position(o, k)], for one channel of the source.
template <class T>
void scatter_channel(const ConvProblem& p, const T* src, const T* weights, double* sums) noexcept {
  const auto& [wd, wh, ww] = p.windows;
  for (std::int64_t od = 0; od < wd.out; ++od) {
    const IndexRange inside_d = taps_inside(wd, od);
    for (std::int64_t oh = 0; oh < wh.out; ++oh) {
      const IndexRange inside_h = taps_inside(wh, oh);
      const T* const row = src + (od * wh.out + oh) * ww.out;
      for (std::int64_t kd = inside_d.begin; kd < inside_d.end; ++kd) {
        for (std::int64_t kh = inside_h.begin; kh < inside_h.end; ++kh) {
          double* const to = sums + (wd.position(od, kd) * wh.in + wh.position(oh, kh)) * ww.in;
          const T* const taps = weights + (kd * wh.kernel + kh) * ww.kernel;
          for (std::int64_t k = 0; k < ww.kernel; ++k) {
            const IndexRange inside_w = outputs_inside(ww, k);
            for (std::int64_t o = inside_w.begin; o < inside_w.end; ++o) {
              to[ww.position(o, k)] += static_cast<double>(taps[k]) * static_cast<double>(row[o]);
            }
          }
        }
      }
    }
  }
}

}  // namespace

std::int64_t ConvProblem::src_plane() const noexcept {
  return windows[0].in * windows[1].in * windows[2].in;
}

std::int64_t ConvProblem::dst_plane() const noexcept {
  return windows[0].out * windows[1].out * windows[2].out;
}

std::int64_t ConvProblem::taps() const noexcept {
  return windows[0].kernel * windows[1].kernel * windows[2].kernel;
}

template <class T>
void conv_ref(
    const ConvProblem& problem, const T* src, const T* weights, const T* bias, T* dst) noexcept {
  const ConvProblem& p = problem;
  for (std::int64_t n = 0; n < p.n; ++n) {
    for (std::int64_t g = 0; g < p.groups; ++g) {
      const T* const group = src + (n * p.groups + g) * p.ic * p.src_plane();
      for (std::int64_t o = 0; o < p.oc; ++o) {
        const std::int64_t channel = g * p.oc + o;
        conv_channel(p,
                     group,
                     weights + channel * p.ic * p.taps(),
                     bias == nullptr ? 0.0 : static_cast<double>(bias[channel]),
                     dst + (n * p.groups * p.oc + channel) * p.dst_plane());
      }
    }
  }
}

template <class T>
void conv_transpose_ref(const ConvProblem& problem,
                        const T* src,
                        const T* weights,
                        const T* bias,
                        T* dst,
                        double* accumulator) noexcept {
  const ConvProblem& p = problem;
  const std::int64_t size = p.src_plane();  // of the convolution's source: our destination
  for (std::int64_t n = 0; n < p.n; ++n) {
    for (std::int64_t g = 0; g < p.groups; ++g) {
      for (std::int64_t o = 0; o < p.oc; ++o) {
        const std::int64_t channel = g * p.oc + o;
        std::fill_n(accumulator, size, bias == nullptr ? 0.0 : static_cast<double>(bias[channel]));
        for (std::int64_t i = 0; i < p.ic; ++i) {
          scatter_channel(p,
                          src + ((n * p.groups + g) * p.ic + i) * p.dst_plane(),
                          weights + ((g * p.ic + i) * p.oc + o) * p.taps(),
                          accumulator);
        }
        std::transform(accumulator,
                       accumulator + size,
                       dst + (n * p.groups * p.oc + channel) * size,
                       [](double sum) { return static_cast<T>(sum); });
      }
    }
  }
}

template void conv_ref(
    const ConvProblem&, const float*, const float*, const float*, float*) noexcept;
template void conv_ref(
    const ConvProblem&, const double*, const double*, const double*, double*) noexcept;
template void conv_transpose_ref(
    const ConvProblem&, const float*, const float*, const float*, float*, double*) noexcept;
template void conv_transpose_ref(
    const ConvProblem&, const double*, const double*, const double*, double*, double*) noexcept;

}  // namespace mtmi::kernels
