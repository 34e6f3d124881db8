#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/simd.h"

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

/// From integers to bytes, in vectors.
struct Finish {
  F32 multiplier;
  F32 negative;
  F32 lo;
  F32 hi;

  explicit Finish(const Requantisation& r)
      : multiplier(broadcast_f32(r.multiplier)),
        negative(broadcast_f32(r.negative_multiplier)),
        lo(broadcast_f32(r.bounds.lo)),
        hi(broadcast_f32(r.bounds.hi)) {}

  template <bool kEven>
  [[nodiscard]] MTMI_INLINE I32 apply(I32 n) const {
    const F32 x = clamp(mul(to_float(n), select_negative(n, negative, multiplier)), lo, hi);
    return kEven ? round_even(x) : round_away(x);
  }
};

/// dst[i] = f(vector at i) for i < n; f also gets how many lanes are wanted.
template <class F>
MTMI_INLINE void for_each_vector(std::int8_t* dst, std::int64_t n, F f) {
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    store_s8(dst + i, f(i, kLanes));
  }
  if (i < n) {
    store_s8_partial(dst + i, f(i, n - i), n - i);
  }
}

MTMI_INLINE I32 load_some(const std::int8_t* p, std::int64_t n) {
  return n == kLanes ? load_s8(p) : load_s8_partial(p, n);
}

template <BinaryOp kOp>
MTMI_INLINE I32 combine(I32 a, I32 b) {
  switch (kOp) {
    case BinaryOp::Add:
      return add(a, b);
    case BinaryOp::Sub:
      return sub(a, b);
    case BinaryOp::Mul:
      return mul_small(a, b);
    case BinaryOp::Max:
      return max(a, b);
    case BinaryOp::Min:
      return min(a, b);
  }
  return a;
}

template <BinaryOp kOp, bool kEven>
void binary_rows(const BinaryArgs& args) {
  const Finish finish(args.requantisation);
  for (std::int64_t p = 0; p < args.pixels; ++p) {
    const std::int8_t* a = args.a.data + p * args.a.pixel;
    const std::int8_t* b = args.b.data + p * args.b.pixel;
    std::int8_t* dst = args.dst + p * args.dst_pixel;
    if (args.a.channel != 0 && args.b.channel != 0) {
      for_each_vector(dst, args.channels, [&](std::int64_t i, std::int64_t n) {
        return finish.apply<kEven>(combine<kOp>(load_some(a + i, n), load_some(b + i, n)));
      });
      continue;
    }
    const auto at = [](const std::int8_t* x, const BinaryArgs::Operand& operand) {
      return [x, one = broadcast_i32(*x), same = operand.channel == 0](
                 std::int64_t i, std::int64_t n) { return same ? one : load_some(x + i, n); };
    };
    const auto a_at = at(a, args.a);
    const auto b_at = at(b, args.b);
    for_each_vector(dst, args.channels, [&](std::int64_t i, std::int64_t n) {
      return finish.apply<kEven>(combine<kOp>(a_at(i, n), b_at(i, n)));
    });
  }
}

template <BinaryOp kOp>
void binary_of(const BinaryArgs& args) {
  if (args.requantisation.rounding == Rounding::HalfToEven) {
    binary_rows<kOp, true>(args);
  } else {
    binary_rows<kOp, false>(args);
  }
}

/// Rows that lie one after the other are one row.
UnaryArgs flattened(UnaryArgs args) {
  if (args.src_pixel == args.channels && args.dst_pixel == args.channels) {
    args.channels *= args.pixels;
    args.pixels = 1;
  }
  return args;
}

template <bool kEven>
void rescale_rows(const UnaryArgs& args, const Requantisation& requantisation) {
  const Finish finish(requantisation);
  for (std::int64_t p = 0; p < args.pixels; ++p) {
    const std::int8_t* src = args.src + p * args.src_pixel;
    for_each_vector(
        args.dst + p * args.dst_pixel, args.channels, [&](std::int64_t i, std::int64_t n) {
          return finish.apply<kEven>(load_some(src + i, n));
        });
  }
}

}  // namespace

void binary(const BinaryArgs& given) {
  BinaryArgs args = given;
  const auto dense = [&args](const BinaryArgs::Operand& x) {
    return x.channel == 1 && x.pixel == args.channels;
  };
  if (dense(args.a) && dense(args.b) && args.dst_pixel == args.channels) {
    args.channels *= args.pixels;
    args.pixels = 1;
  }
  switch (args.op) {
    case BinaryOp::Add:
      return binary_of<BinaryOp::Add>(args);
    case BinaryOp::Sub:
      return binary_of<BinaryOp::Sub>(args);
    case BinaryOp::Mul:
      return binary_of<BinaryOp::Mul>(args);
    case BinaryOp::Max:
      return binary_of<BinaryOp::Max>(args);
    case BinaryOp::Min:
      return binary_of<BinaryOp::Min>(args);
  }
}

void rescale(const UnaryArgs& args, const Requantisation& requantisation) {
  if (requantisation.rounding == Rounding::HalfToEven) {
    rescale_rows<true>(flattened(args), requantisation);
  } else {
    rescale_rows<false>(flattened(args), requantisation);
  }
}

void copy(const UnaryArgs& given) {
  const UnaryArgs args = flattened(given);
  for (std::int64_t p = 0; p < args.pixels; ++p) {
    copy_bytes(args.dst + p * args.dst_pixel, args.src + p * args.src_pixel, args.channels);
  }
}

void look_up(const UnaryArgs& given, const std::int8_t* table) {
  const UnaryArgs args = flattened(given);
  for (std::int64_t p = 0; p < args.pixels; ++p) {
    look_up_bytes(
        args.dst + p * args.dst_pixel, args.src + p * args.src_pixel, args.channels, table);
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
