#include "mtmi/kernels/int8/deconvolution.h"

#include <algorithm>
#include <numeric>

#include "mtmi/core/assert.h"
#include "mtmi/kernels/int8/int8_kernels.h"

namespace mtmi::kernels::int8 {
namespace {

/// One axis of one phase: the outputs first + t * stride as a convolution of the source, whose tap
/// i is tap first_tap - i * tap_step of the transposed convolution.
struct PhaseAxis {
  std::int64_t first;
  std::int64_t first_tap;
  std::int64_t tap_step;
  Window window;
};

/// Output o gets tap k of input (o + pad - k * dilation) / stride where that is whole. The taps of
/// one phase are equally spaced; listed from the last to the first, their inputs ascend.
PhaseAxis phase_axis(const Window& w, std::int64_t phase) {
  const std::int64_t common = std::gcd(w.stride, w.dilation);
  const std::int64_t step = w.stride / common;
  PhaseAxis axis{.first = phase, .first_tap = 0, .tap_step = step, .window = {}};
  std::int64_t lowest = 0;
  while (lowest < w.kernel && lowest < step &&
         (phase + w.pad_begin - lowest * w.dilation) % w.stride != 0) {
    ++lowest;
  }
  const bool none = lowest >= w.kernel || lowest >= step;
  const std::int64_t taps = none ? 0 : (w.kernel - 1 - lowest) / step + 1;
  axis.first_tap = lowest + (taps - 1) * step;
  axis.window = {.in = w.in,
                 .out = (w.out - phase + w.stride - 1) / w.stride,
                 .kernel = taps,
                 .stride = 1,
                 .dilation = w.dilation / common,
                 .pad_begin = 0,
                 .pad_end = 0};
  if (none) {  // no input reaches these outputs: one tap of zeros
    axis.window.kernel = 1;
    axis.first_tap = -1;
    axis.window.dilation = 1;
    return axis;
  }
  axis.window.pad_begin = -(phase + w.pad_begin - axis.first_tap * w.dilation) / w.stride;
  return axis;
}

/// [oc][ic / groups][kh][kw] of the taps of one phase.
std::vector<std::int8_t> phase_weights(const DeconvolutionShape& s,
                                       std::span<const std::int8_t> weights,
                                       const PhaseAxis& h,
                                       const PhaseAxis& w) {
  const std::int64_t group_ic = s.ic / s.groups;
  const std::int64_t group_oc = s.oc / s.groups;
  std::vector<std::int8_t> result;
  result.reserve(static_cast<std::size_t>(s.oc * group_ic * h.window.kernel * w.window.kernel));
  for (std::int64_t k = 0; k < s.oc; ++k) {
    for (std::int64_t c = 0; c < group_ic; ++c) {
      const std::int64_t input = k / group_oc * group_ic + c;
      for (std::int64_t i = 0; i < h.window.kernel; ++i) {
        for (std::int64_t j = 0; j < w.window.kernel; ++j) {
          const std::int64_t ti = h.first_tap - i * h.tap_step;
          const std::int64_t tj = w.first_tap - j * w.tap_step;
          const std::int64_t at =
              ((input * group_oc + k % group_oc) * s.h.kernel + ti) * s.w.kernel + tj;
          result.push_back(ti < 0 || tj < 0 ? std::int8_t{0}
                                            : weights[static_cast<std::size_t>(at)]);
        }
      }
    }
  }
  return result;
}

}  // namespace

PackedDeconvolution::PackedDeconvolution(const DeconvolutionShape& shape,
                                         std::span<const std::int8_t> weights,
                                         const Epilogue& epilogue,
                                         Int8Isa isa)
    : shape_(shape), isa_(isa), half_(epilogue.half) {
  MTMI_ASSERT(weights.size() == static_cast<std::size_t>(shape.ic * (shape.oc / shape.groups) *
                                                         shape.h.kernel * shape.w.kernel));
  for (std::int64_t py = 0; py < std::min(shape.h.stride, shape.h.out); ++py) {
    const PhaseAxis h = phase_axis(shape.h, py);
    for (std::int64_t px = 0; px < std::min(shape.w.stride, shape.w.out); ++px) {
      const PhaseAxis w = phase_axis(shape.w, px);
      const ConvolutionShape convolution{
          .h = h.window, .w = w.window, .ic = shape.ic, .oc = shape.oc, .groups = shape.groups};
      phases_.push_back(
          {py,
           px,
           PackedConvolution(convolution, phase_weights(shape, weights, h, w), epilogue, isa)});
    }
  }
}

std::int64_t PackedDeconvolution::scratch_bytes() const noexcept {
  std::int64_t most = 0;
  for (const Phase& phase : phases_) {
    most = std::max(most, phase.convolution.scratch_bytes());
  }
  return most;
}

std::int64_t PackedDeconvolution::size_bytes() const noexcept {
  std::int64_t sum = 0;
  for (const Phase& phase : phases_) {
    sum += phase.convolution.size_bytes();
  }
  return sum;
}

void deconvolution(const PackedDeconvolution& packed, const ConvolutionArgs& args) noexcept {
  const DeconvolutionShape& s = packed.shape_;
  const ConvolutionFn run = int8_kernels(packed.isa_).convolution;
  const std::int64_t dst_row = args.dst_row != 0 ? args.dst_row : s.w.out * args.dst_pixel;
  const std::int64_t element_bytes = packed.half_ ? 2 : 1;
  for (const PackedDeconvolution::Phase& phase : packed.phases_) {
    // Row t of the phase is row first_row + t * stride: those inside the range.
    const auto first_at = [&](std::int64_t row) {
      return std::max<std::int64_t>(0, ceil_div(row - phase.first_row, s.h.stride));
    };
    ConvolutionArgs part = args;
    part.row_begin = first_at(args.row_begin);
    part.row_end = first_at(args.row_end);
    part.dst = static_cast<std::byte*>(args.dst) +
               (phase.first_row * dst_row + phase.first_column * args.dst_pixel) * element_bytes;
    part.dst_row = dst_row * s.h.stride;
    part.dst_pixel = args.dst_pixel * s.w.stride;
    if (part.row_begin < part.row_end) {
      run(phase.convolution, part);
    }
  }
}

void deconvolution_ref(const DeconvolutionShape& s,
                       std::span<const std::int8_t> weights,
                       const Epilogue& e,
                       const ConvolutionArgs& args) {
  const std::int64_t dst_row = args.dst_row != 0 ? args.dst_row : s.w.out * args.dst_pixel;
  const std::int64_t group_ic = s.ic / s.groups;
  const std::int64_t group_oc = s.oc / s.groups;
  std::vector<std::int64_t> sums(static_cast<std::size_t>(s.h.out * s.w.out));
  for (std::int64_t k = 0; k < args.dst_channels; ++k) {
    const bool real = k < s.oc;
    const auto channel = static_cast<std::size_t>(k);
    std::fill(sums.begin(), sums.end(), real && !e.bias.empty() ? e.bias[channel] : 0);
    for (std::int64_t c = 0; real && c < group_ic; ++c) {
      const std::int64_t input = k / group_oc * group_ic + c;
      for (std::int64_t i = 0; i < s.h.kernel; ++i) {
        for (std::int64_t j = 0; j < s.w.kernel; ++j) {
          const std::int64_t weight = weights[static_cast<std::size_t>(
              ((input * group_oc + k % group_oc) * s.h.kernel + i) * s.w.kernel + j)];
          for (std::int64_t iy = 0; iy < s.h.in; ++iy) {
            const std::int64_t y = iy * s.h.stride - s.h.pad_begin + i * s.h.dilation;
            for (std::int64_t ix = 0; ix < s.w.in; ++ix) {
              const std::int64_t x = ix * s.w.stride - s.w.pad_begin + j * s.w.dilation;
              if (y >= 0 && y < s.h.out && x >= 0 && x < s.w.out) {
                sums[static_cast<std::size_t>(y * s.w.out + x)] +=
                    weight * args.src[(iy * s.w.in + ix) * args.src_pixel + input];
              }
            }
          }
        }
      }
    }
    for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
      for (std::int64_t x = 0; x < s.w.out; ++x) {
        const std::int64_t n = sums[static_cast<std::size_t>(y * s.w.out + x)];
        float multiplier = real ? e.multipliers[channel] : 0.0F;
        if (real && n < 0 && !e.negative_multipliers.empty()) {
          multiplier = e.negative_multipliers[channel];
        }
        const std::int64_t at = y * dst_row + x * args.dst_pixel + k;
        if (e.half) {
          static_cast<std::uint16_t*>(args.dst)[at] = requantize_half(n, multiplier);
        } else {
          static_cast<std::int8_t*>(args.dst)[at] =
              requantize(n, multiplier, e.rounding, real ? e.bounds : Bounds{});
        }
      }
    }
  }
}

}  // namespace mtmi::kernels::int8
