
#include "mtmi/kernels/int8/convolution.h"

namespace mtmi::kernels::int8 {
namespace {

/// The exact sum of output channel `k` at (y, x), without bias.
std::int64_t sum_at(const PackedConvolution& packed,
                    const ConvolutionArgs& args,
                    std::int64_t y,
                    std::int64_t x,
                    std::int64_t k) noexcept {
  const ConvolutionShape& s = packed.shape();
  const std::int64_t group_ic = s.ic / s.groups;
  const std::int64_t first_channel = k / (s.oc / s.groups) * group_ic;
  const std::int8_t* weights = packed.weights().data() + k * s.depth();
  const IndexRange rows = taps_inside(s.h, y);
  const IndexRange columns = taps_inside(s.w, x);
  std::int64_t sum = 0;
  for (std::int64_t i = rows.begin; i < rows.end; ++i) {
    for (std::int64_t j = columns.begin; j < columns.end; ++j) {
      const std::int8_t* pixel =
          args.src + (s.h.position(y, i) * s.w.in + s.w.position(x, j)) * args.src_pixel;
      for (std::int64_t c = 0; c < group_ic; ++c) {
        sum += pixel[first_channel + c] * weights[(c * s.h.kernel + i) * s.w.kernel + j];
      }
    }
  }
  return sum;
}

}  // namespace

void convolution_ref(const PackedConvolution& packed, const ConvolutionArgs& args) noexcept {
  const ConvolutionShape& s = packed.shape();
  const Epilogue e = packed.epilogue();
  const std::int64_t dst_row = args.dst_row != 0 ? args.dst_row : s.w.out * args.dst_pixel;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    for (std::int64_t x = 0; x < s.w.out; ++x) {
      const std::int64_t at = y * dst_row + x * args.dst_pixel;
      for (std::int64_t k = 0; k < args.dst_channels; ++k) {
        std::int64_t n = 0;
        float multiplier = 0.0F;
        if (k < s.oc) {
          const auto channel = static_cast<std::size_t>(k);
          n = sum_at(packed, args, y, x, k) + e.bias[channel];
          multiplier = n < 0 ? e.negative_multipliers[channel] : e.multipliers[channel];
        }
        if (e.half) {
          static_cast<std::uint16_t*>(args.dst)[at + k] = requantize_half(n, multiplier);
        } else {
          const Bounds bounds = k < s.oc ? e.bounds : Bounds{};
          static_cast<std::int8_t*>(args.dst)[at + k] =
              requantize(n, multiplier, e.rounding, bounds);
        }
      }
    }
  }
}

}  // namespace mtmi::kernels::int8
