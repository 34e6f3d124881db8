#include <algorithm>

#include "mtmi/kernels/int8/resize.h"

namespace mtmi::kernels::int8 {
namespace {

/// The two neighbours of output `o` and the weight of the second of `2 * factor`.
struct Mix {
  std::int64_t low;
  std::int64_t high;
  std::int64_t weight;
};

Mix mix_at(std::int64_t o, std::int64_t factor, std::int64_t extent) noexcept {
  const std::int64_t p = std::clamp<std::int64_t>(2 * o + 1 - factor, 0, 2 * factor * (extent - 1));
  const std::int64_t low = p / (2 * factor);
  return {low, std::min(low + 1, extent - 1), p % (2 * factor)};
}

}  // namespace

void resize_linear_ref(const ResizeArgs& args) noexcept {
  const std::int64_t columns = args.width * args.factor_w;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const Mix v = mix_at(y, args.factor_h, args.height);
    for (std::int64_t x = 0; x < columns; ++x) {
      const Mix h = mix_at(x, args.factor_w, args.width);
      for (std::int64_t c = 0; c < args.channels; ++c) {
        const auto at = [&](std::int64_t iy, std::int64_t ix) -> std::int64_t {
          return args.src[(iy * args.width + ix) * args.src_pixel + c];
        };
        const auto row = [&](std::int64_t iy) {
          return (2 * args.factor_w - h.weight) * at(iy, h.low) + h.weight * at(iy, h.high);
        };
        const std::int64_t n = (2 * args.factor_h - v.weight) * row(v.low) + v.weight * row(v.high);
        const std::int64_t to = (y * columns + x) * args.dst_pixel + c;
        if (args.dst_half != nullptr) {
          args.dst_half[to] = requantize_half(n, args.multiplier);
        } else {
          args.dst[to] = requantize(n, args.multiplier, args.rounding, args.bounds);
        }
      }
    }
  }
}

void resize_nearest_ref(const ResizeArgs& args) noexcept {
  const std::int64_t columns = args.width * args.factor_w;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    for (std::int64_t x = 0; x < columns; ++x) {
      const std::int64_t from =
          (y / args.factor_h * args.width + x / args.factor_w) * args.src_pixel;
      std::copy_n(args.src + from, args.channels, args.dst + (y * columns + x) * args.dst_pixel);
    }
  }
}

}  // namespace mtmi::kernels::int8
