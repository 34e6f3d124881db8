#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/simd.h"

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

/// Walks over the outputs of an axis in ascending order: the first neighbour of each, whether there
/// is a second, and its weight of 2 * factor.
class Mixes {
 public:
  Mixes(std::int64_t factor, std::int64_t extent, std::int64_t begin)
      : step_(2 * factor), most_(2 * factor * (extent - 1)), p_(2 * begin + 1 - factor) {
    const std::int64_t inside = p_ < 0 ? 0 : p_ > most_ ? most_ : p_;
    low_ = inside / step_;
    weight_ = inside % step_;
  }

  void next() {
    p_ += 2;
    if (p_ > 0 && p_ <= most_) {
      weight_ = p_ - low_ * step_;
      if (weight_ >= step_) {
        weight_ -= step_;
        ++low_;
      }
    } else if (p_ > most_) {
      weight_ = 0;
      low_ = most_ / step_;
    }
  }

  [[nodiscard]] std::int64_t low() const { return low_; }

  [[nodiscard]] std::int64_t high() const { return low_ * step_ < most_ ? low_ + 1 : low_; }

  [[nodiscard]] I16 low_weight() const {
    return broadcast_i16(static_cast<std::int16_t>(step_ - weight_));
  }

  [[nodiscard]] I16 high_weight() const {
    return broadcast_i16(static_cast<std::int16_t>(weight_));
  }

 private:
  std::int64_t step_;
  std::int64_t most_;
  std::int64_t p_;
  std::int64_t low_ = 0;
  std::int64_t weight_ = 0;
};

/// scratch[x][c] = the mix of two source rows, for `channels` rounded up to whole vectors.
void mix_rows(const ResizeArgs& args, std::int64_t y, std::int64_t padded) {
  const Mixes v(args.factor_h, args.height, y);
  const std::int8_t* low = args.src + v.low() * args.width * args.src_pixel;
  const std::int8_t* high = args.src + v.high() * args.width * args.src_pixel;
  const I16 wl = v.low_weight();
  const I16 wh = v.high_weight();
  for (std::int64_t x = 0; x < args.width; ++x) {
    for (std::int64_t c = 0; c < padded; c += kLanes16) {
      const std::int64_t at = x * args.src_pixel + c;
      store_i16(args.scratch + x * padded + c,
                mix_i16(load_s8_as_i16(low + at), wl, load_s8_as_i16(high + at), wh));
    }
  }
}

struct Finish {
  F32 multiplier;
  F32 lo;
  F32 hi;
};

template <bool kEven>
MTMI_INLINE I32 requantize(I32 n, const Finish& f) {
  const F32 x = clamp(mul(to_float(n), f.multiplier), f.lo, f.hi);
  return kEven ? round_even(x) : round_away(x);
}

template <bool kEven>
MTMI_INLINE void write(std::int8_t* dst, I16 n, std::int64_t count, const Finish& f) {
  const I32 low = requantize<kEven>(low_half(n), f);
  const I32 high = requantize<kEven>(high_half(n), f);
  if (count >= kLanes16) {
    store_s8_halves(dst, low, high);
  } else if (count > kLanes) {
    store_s8(dst, low);
    store_s8_partial(dst + kLanes, high, count - kLanes);
  } else {
    store_s8_partial(dst, low, count);
  }
}

/// One row of the destination from the mixed row in scratch.
template <bool kEven>
void mix_columns(const ResizeArgs& args, std::int8_t* dst, std::int64_t padded, const Finish& f) {
  Mixes h(args.factor_w, args.width, 0);
  for (std::int64_t x = 0; x < args.width * args.factor_w; ++x, h.next()) {
    const std::int16_t* low = args.scratch + h.low() * padded;
    const std::int16_t* high = args.scratch + h.high() * padded;
    const I16 wl = h.low_weight();
    const I16 wh = h.high_weight();
    std::int8_t* to = dst + x * args.dst_pixel;
    for (std::int64_t c = 0; c < args.channels; c += kLanes16) {
      write<kEven>(
          to + c, mix_i16(load_i16(low + c), wl, load_i16(high + c), wh), args.channels - c, f);
    }
  }
}

}  // namespace

void resize_linear(const ResizeArgs& args) {
  // 4 rh rw * 128 must fit 16 bits: factors up to 8 by 8.
  constexpr std::int64_t kMostFactors = 64;
  if (args.factor_h * args.factor_w > kMostFactors) {
    resize_linear_ref(args);
    return;
  }
  const std::int64_t padded = (args.channels + kLanes16 - 1) / kLanes16 * kLanes16;
  const Finish finish{.multiplier = broadcast_f32(args.multiplier),
                      .lo = broadcast_f32(args.bounds.lo),
                      .hi = broadcast_f32(args.bounds.hi)};
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    mix_rows(args, y, padded);
    std::int8_t* dst = args.dst + y * args.width * args.factor_w * args.dst_pixel;
    if (args.rounding == Rounding::HalfToEven) {
      mix_columns<true>(args, dst, padded, finish);
    } else {
      mix_columns<false>(args, dst, padded, finish);
    }
  }
}

void resize_nearest(const ResizeArgs& args) {
  const std::int64_t columns = args.width * args.factor_w;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const std::int8_t* row = args.src + y / args.factor_h * args.width * args.src_pixel;
    std::int8_t* to = args.dst + y * columns * args.dst_pixel;
    for (std::int64_t x = 0; x < args.width; ++x, row += args.src_pixel) {
      for (std::int64_t i = 0; i < args.factor_w; ++i, to += args.dst_pixel) {
        copy_bytes(to, row, args.channels);
      }
    }
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
