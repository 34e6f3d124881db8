#include "mtmi/kernels/fast/isa_kernels.h"
#include "mtmi/kernels/fast/simd_math.h"
#include "mtmi/kernels/fast/winograd.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

inline F32 scaled(float factor, F32 x) {
  return mul(broadcast(factor), x);
}

/// B' d: six inputs to six places.
inline void transform_input(const F32 (&d)[6], F32 (&v)[6]) {
  const F32 four = broadcast(4.0F);
  const F32 d4_4d2 = fma(four, sub(zero(), d[2]), d[4]);
  const F32 d3_4d1 = fma(four, sub(zero(), d[1]), d[3]);
  const F32 d4_d2 = sub(d[4], d[2]);
  const F32 twice = scaled(2.0F, sub(d[3], d[1]));
  v[0] = fma(four, d[0], fma(broadcast(-5.0F), d[2], d[4]));
  v[1] = add(d4_4d2, d3_4d1);
  v[2] = sub(d4_4d2, d3_4d1);
  v[3] = add(d4_d2, twice);
  v[4] = sub(d4_d2, twice);
  v[5] = fma(four, d[1], fma(broadcast(-5.0F), d[3], d[5]));
}

/// A' m: six places to four outputs.
inline void transform_output(const F32 (&m)[6], F32 (&y)[4]) {
  const F32 sum1 = add(m[1], m[2]);
  const F32 difference1 = sub(m[1], m[2]);
  const F32 sum2 = add(m[3], m[4]);
  const F32 difference2 = sub(m[3], m[4]);
  y[0] = add(add(m[0], sum1), sum2);
  y[1] = fma(broadcast(2.0F), difference2, difference1);
  y[2] = fma(broadcast(4.0F), sum2, sum1);
  y[3] = add(fma(broadcast(8.0F), difference2, difference1), m[5]);
}

/// Loads and stores of a vector, or of its first n lanes.
struct Whole {
  [[nodiscard]] F32 get(const float* p) const { return load(p); }

  void put(float* p, F32 x) const { store(p, x); }
};

struct Part {
  std::int64_t n;

  [[nodiscard]] F32 get(const float* p) const { return load_partial(p, n); }

  void put(float* p, F32 x) const { store_partial(p, x, n); }
};

/// The same, rounded as it is read.
template <class Access>
struct Rounded : Access {
  [[nodiscard]] F32 get(const float* p) const { return round_to_bf16(Access::get(p)); }
};

struct Place {
  std::int64_t y;  // of the tile's first input or output
  std::int64_t x;
};

template <class Access>
inline void input_tile(
    const WinogradInputArgs& args, Place at, std::int64_t c, float* v, const Access& access) {
  F32 half[6][6];  // [column][place]
  MTMI_UNROLL
  for (int j = 0; j < 6; ++j) {
    const std::int64_t x = at.x + j;
    F32 d[6];
    MTMI_UNROLL
    for (int i = 0; i < 6; ++i) {
      const std::int64_t y = at.y + i;
      const bool inside = y >= 0 && y < args.height && x >= 0 && x < args.width;
      d[i] = inside ? access.get(args.src + (y * args.width + x) * args.channels + c) : zero();
    }
    transform_input(d, half[j]);
  }
  MTMI_UNROLL
  for (int i = 0; i < 6; ++i) {
    const F32 row[6] = {half[0][i], half[1][i], half[2][i], half[3][i], half[4][i], half[5][i]};
    F32 places[6];
    transform_input(row, places);
    MTMI_UNROLL
    for (int j = 0; j < 6; ++j) {
      access.put(v + (i * 6 + j) * args.place_stride + c, places[j]);
    }
  }
}

template <class Access>
inline void output_tile(const WinogradOutputArgs& args,
                        Place at,
                        std::int64_t c,
                        const float* m,
                        const Access& access) {
  const Epilogue& e = args.epilogue;
  F32 half[6][4];  // [column][output row]
  MTMI_UNROLL
  for (int j = 0; j < 6; ++j) {
    F32 column[6];
    MTMI_UNROLL
    for (int i = 0; i < 6; ++i) {
      column[i] = access.get(m + (i * 6 + j) * args.place_stride + c);
    }
    transform_output(column, half[j]);
  }
  const F32 bias = e.bias == nullptr ? zero() : access.get(e.bias + c);
  const bool relu = e.first.kind == Activation::Relu;
  for (int i = 0; i < 4 && at.y + i < args.height; ++i) {
    const F32 row[6] = {half[0][i], half[1][i], half[2][i], half[3][i], half[4][i], half[5][i]};
    F32 y[4];
    transform_output(row, y);
    float* dst = args.dst + ((at.y + i) * args.width + at.x) * args.channels + c;
    for (int j = 0; j < 4 && at.x + j < args.width; ++j, dst += args.channels) {
      const F32 sum = add(y[j], bias);
      access.put(dst, relu ? max(zero(), sum) : sum);
    }
  }
}

/// What the registers did not do, over the tile's rows that were just written.
void finish_tile(const WinogradOutputArgs& args, Place at) {
  const Epilogue& e = args.epilogue;
  const bool simple = e.first.kind == Activation::None || e.first.kind == Activation::Relu;
  if (simple && e.residual == nullptr && e.last.kind == Activation::None) {
    return;
  }
  const std::int64_t columns = args.width - at.x < 4 ? args.width - at.x : 4;
  const std::int64_t n = columns * args.channels;
  for (std::int64_t y = at.y; y < at.y + 4 && y < args.height; ++y) {
    const std::int64_t offset = (y * args.width + at.x) * args.channels;
    float* dst = args.dst + offset;
    if (!simple) {
      activate_row(e.first, dst, dst, n);
    }
    if (e.residual != nullptr) {
      add_row(dst, e.residual + offset, n);
    }
    if (e.last.kind != Activation::None) {
      activate_row(e.last, dst, dst, n);
    }
  }
}

template <class WholeAccess, class PartAccess>
void input_tiles(const WinogradInputArgs& args) {
  for (std::int64_t t = 0; t < args.count; ++t) {
    const std::int64_t tile = args.begin + t;
    const Place at{.y = tile / args.tile_columns * kWinogradTile - args.pad_top,
                   .x = tile % args.tile_columns * kWinogradTile - args.pad_left};
    float* v = args.v + t * args.tile_stride;
    std::int64_t c = 0;
    for (; c + kLanes <= args.channels; c += kLanes) {
      input_tile(args, at, c, v, WholeAccess{});
    }
    if (c < args.channels) {
      input_tile(args, at, c, v, PartAccess{args.channels - c});
    }
  }
}

}  // namespace

void winograd_input(const WinogradInputArgs& args) {
  if (args.round_bf16) {
    input_tiles<Rounded<Whole>, Rounded<Part>>(args);
  } else {
    input_tiles<Whole, Part>(args);
  }
}

void winograd_output(const WinogradOutputArgs& args) {
  for (std::int64_t t = 0; t < args.count; ++t) {
    const std::int64_t tile = args.begin + t;
    const Place at{.y = tile / args.tile_columns * kWinogradTile,
                   .x = tile % args.tile_columns * kWinogradTile};
    const float* m = args.m + t * args.channels;
    std::int64_t c = 0;
    for (; c + kLanes <= args.channels; c += kLanes) {
      output_tile(args, at, c, m, Whole{});
    }
    if (c < args.channels) {
      output_tile(args, at, c, m, Part{args.channels - c});
    }
    finish_tile(args, at);
  }
}

}  // namespace mtmi::kernels::MTMI_ISA
