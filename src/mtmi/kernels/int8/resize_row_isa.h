// One row of a linear resize.
//
// Included only by *_isa.cpp files.
#pragma once

#include <bit>

#include "mtmi/kernels/int8/resize.h"
#include "mtmi/kernels/int8/simd.h"

namespace mtmi::kernels::int8::MTMI_ISA {

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
inline void mix_rows(const ResizeArgs& args, std::int64_t y, std::int64_t padded) {
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

/// How sums become elements.
enum class MixMode : std::uint8_t {
  Away,
  Even,
  ShiftAway,  ///< by a power of two: in 16 bits
  ShiftEven,
  Half,
};

/// 0 where `multiplier` is no 2^-shift that 16 bits can do.
inline int shift_of(const ResizeArgs& args) {
  const auto bits = std::bit_cast<std::uint32_t>(args.multiplier);
  const int shift = 127 - static_cast<int>(bits >> 23);
  constexpr std::uint32_t kFraction = 0x7FFFFF;
  constexpr int kMostShift = 13;
  constexpr std::int64_t kMostFactors = 32;  // 512 rh rw + 2^12 < 2^15
  const bool fits = shift >= 1 && shift <= kMostShift && (bits & kFraction) == 0 &&
                    args.factor_h * args.factor_w <= kMostFactors;
  return fits ? shift : 0;
}

struct Finish {
  F32 multiplier;
  I16 lo;
  I16 hi;
  int shift;

  explicit Finish(const ResizeArgs& args)
      : multiplier(broadcast_f32(args.multiplier)),
        lo(broadcast_i16(args.bounds.lo)),
        hi(broadcast_i16(args.bounds.hi)),
        shift(shift_of(args)) {}

  [[nodiscard]] MixMode mode(const ResizeArgs& args) const {
    if (args.dst_half != nullptr) {
      return MixMode::Half;
    }
    if (args.rounding == Rounding::HalfToEven) {
      return shift != 0 ? MixMode::ShiftEven : MixMode::Even;
    }
    return shift != 0 ? MixMode::ShiftAway : MixMode::Away;
  }
};

/// The INT8 of kLanes16 sums, in 16 bits. Saturation of the 32 bits comes first: bounds are inside.
template <MixMode kMode>
MTMI_INLINE I16 requantize_sums(I16 n, const Finish& f) {
  if constexpr (kMode == MixMode::ShiftAway) {
    // Negative ties go down: one less before the shift, which rounds down.
    const I16 half = broadcast_i16(static_cast<std::int16_t>(1 << (f.shift - 1)));
    n = shift_right_i16(add_i16(add_i16(n, half), shift_right_i16(n, 15)), f.shift);
  } else if constexpr (kMode == MixMode::ShiftEven) {
    const I16 less = broadcast_i16(static_cast<std::int16_t>((1 << (f.shift - 1)) - 1));
    const I16 odd = and_i16(shift_right_i16(n, f.shift), broadcast_i16(1));
    n = shift_right_i16(add_i16(add_i16(n, less), odd), f.shift);
  } else {
    const Pairs halves = widen(n);
    const F32 low = mul(to_float(halves.low), f.multiplier);
    const F32 high = mul(to_float(halves.high), f.multiplier);
    n = kMode == MixMode::Even ? narrow_pairs({round_even(low), round_even(high)})
                               : narrow_pairs({round_away(low), round_away(high)});
  }
  return clamp_i16(n, f.lo, f.hi);
}

/// `count` of kLanes16 sums to dst[at].
template <MixMode kMode>
MTMI_INLINE void write_sums(
    void* dst, std::int64_t at, I16 n, std::int64_t count, const Finish& f) {
  if constexpr (kMode == MixMode::Half) {
    const F32 least = broadcast_f32(-65504.0F);
    const F32 most = broadcast_f32(65504.0F);
    auto* to = static_cast<std::uint16_t*>(dst) + at;
    store_half_partial(to,
                       clamp(mul(to_float(low_half(n)), f.multiplier), least, most),
                       count < kLanes ? count : kLanes);
    if (count > kLanes) {
      store_half_partial(to + kLanes,
                         clamp(mul(to_float(high_half(n)), f.multiplier), least, most),
                         count < kLanes16 ? count - kLanes : kLanes);
    }
  } else {
    auto* to = static_cast<std::int8_t*>(dst) + at;
    const I16 q = requantize_sums<kMode>(n, f);
    if (count >= kLanes16) {
      store_i16_as_s8(to, q);
    } else {
      alignas(64) std::int8_t bytes[kLanes16];
      store_i16_as_s8(bytes, q);
      copy_bytes(to, bytes, count);
    }
  }
}

/// One row of the destination from the mixed row in scratch; `dst` is its first pixel.
template <MixMode kMode>
void mix_columns(const ResizeArgs& args, void* dst, std::int64_t padded, const Finish& f) {
  Mixes h(args.factor_w, args.width, 0);
  for (std::int64_t x = 0; x < args.width * args.factor_w; ++x, h.next()) {
    const std::int16_t* low = args.scratch + h.low() * padded;
    const std::int16_t* high = args.scratch + h.high() * padded;
    const I16 wl = h.low_weight();
    const I16 wh = h.high_weight();
    for (std::int64_t c = 0; c < args.channels; c += kLanes16) {
      write_sums<kMode>(dst,
                        x * args.dst_pixel + c,
                        mix_i16(load_i16(low + c), wl, load_i16(high + c), wh),
                        args.channels - c,
                        f);
    }
  }
}

/// 4 rh rw * 128 must fit 16 bits, and products 32.
inline bool resizes_in_16_bits(const ResizeArgs& args) {
  return args.factor_h * args.factor_w <= 64 && args.multiplier < 65536.0F &&
         args.multiplier > -65536.0F;
}

/// Row `y` of the destination, from `dst` on. Pre: resizes_in_16_bits().
inline void resize_row(const ResizeArgs& args, std::int64_t y, const Finish& finish, void* dst) {
  const std::int64_t padded = (args.channels + kLanes16 - 1) / kLanes16 * kLanes16;
  mix_rows(args, y, padded);
  switch (finish.mode(args)) {
    case MixMode::Away:
      return mix_columns<MixMode::Away>(args, dst, padded, finish);
    case MixMode::Even:
      return mix_columns<MixMode::Even>(args, dst, padded, finish);
    case MixMode::ShiftAway:
      return mix_columns<MixMode::ShiftAway>(args, dst, padded, finish);
    case MixMode::ShiftEven:
      return mix_columns<MixMode::ShiftEven>(args, dst, padded, finish);
    case MixMode::Half:
      return mix_columns<MixMode::Half>(args, dst, padded, finish);
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
