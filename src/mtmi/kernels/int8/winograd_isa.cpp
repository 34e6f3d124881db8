#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/panel_isa.h"
#include "mtmi/kernels/int8/tile_isa.h"

// Products of 16 bits alone; those of bytes have nothing to gain.
#if !defined(__AVX512VNNI__)

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

constexpr int kTile = 4;

/// B' d for one row or column d of four, B' = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1].
MTMI_INLINE void transform_source(const I16* d, int step, I16* to) {
  to[0] = sub_i16(d[0], d[2 * step]);
  to[step] = add_i16(d[step], d[2 * step]);
  to[2 * step] = sub_i16(d[2 * step], d[step]);
  to[3 * step] = sub_i16(d[step], d[3 * step]);
}

/// Some neighbouring tiles of 2x2 outputs of one pair of rows.
struct Tiles {
  const PackedConvolution& packed;
  const PanelElement* rows[kTile];
  std::int64_t begin;
  std::int64_t count;
  std::int16_t* source;    // [place][tiles][pixel]
  std::int32_t* products;  // [place][tiles][width]
  std::int32_t* sums;      // [2][2 * tiles][width]
};

void transform_tiles(const Tiles& t) {
  const PanelLayout& panel = t.packed.panel();
  const std::int64_t place_size = panel.tiles * panel.pixel;
  for (std::int64_t i = 0; i < t.count; ++i) {
    for (std::int64_t c = 0; c < panel.pixel; c += kLanes16) {
      const std::int64_t at = 2 * (t.begin + i) * panel.pixel + c;
      I16 d[kWinogradPlaces];
      I16 half[kWinogradPlaces];
      MTMI_UNROLL
      for (int y = 0; y < kTile; ++y) {
        MTMI_UNROLL
        for (int x = 0; x < kTile; ++x) {
          d[kTile * y + x] = load_i16(t.rows[y] + at + x * panel.pixel);
        }
      }
      MTMI_UNROLL
      for (int x = 0; x < kTile; ++x) {
        transform_source(d + x, kTile, half + x);
      }
      MTMI_UNROLL
      for (int y = 0; y < kTile; ++y) {
        transform_source(half + kTile * y, 1, d + kTile * y);
      }
      std::int16_t* to = t.source + i * panel.pixel + c;
      MTMI_UNROLL
      for (int p = 0; p < kWinogradPlaces; ++p) {
        store_i16(to + p * place_size, d[p]);
      }
    }
  }
}

template <int V>
void multiply(const Tiles& t, const std::byte* weights) {
  static constexpr std::int32_t kNoBias[V * kLanes] = {};
  const PanelLayout& panel = t.packed.panel();
  const std::int64_t place_bytes = 2 * panel.segment * panel.group_columns;
  // Tiles of nearly equal height, as for rows of pixels.
  const std::int64_t num_tiles = (t.count + kTileRows[V] - 1) / kTileRows[V];
  const std::int64_t height = (t.count + num_tiles - 1) / num_tiles;
  for (int p = 0; p < kWinogradPlaces; ++p) {
    const PanelElement* source = t.source + p * panel.tiles * panel.pixel;
    for (std::int64_t i = 0; i < t.count; i += height) {
      run_tile<V>({.segments = &source,
                   .offset = i * panel.pixel,
                   .stride = panel.pixel,
                   .num_segments = 1,
                   .segment = panel.segment,
                   .weights = weights + p * place_bytes,
                   .bias = kNoBias,
                   .sums = t.products + (p * panel.tiles + i) * V * kLanes},
                  t.count - i < height ? t.count - i : height);
    }
  }
}

/// A' M A / 4 + bias, A' = [1 1 1 0; 0 1 -1 -1], of one vector of channels of one tile.
MTMI_INLINE void transform_product(const std::int32_t* m,
                                   std::int64_t place_size,
                                   I32 bias,
                                   std::int32_t* upper,
                                   std::int32_t* lower,
                                   std::int64_t pixel) {
  I32 half[2][kTile];
  MTMI_UNROLL
  for (int x = 0; x < kTile; ++x) {
    const I32 m0 = load_i32(m + x * place_size);
    const I32 m1 = load_i32(m + (kTile + x) * place_size);
    const I32 m2 = load_i32(m + (2 * kTile + x) * place_size);
    const I32 m3 = load_i32(m + (3 * kTile + x) * place_size);
    half[0][x] = add(add(m0, m1), m2);
    half[1][x] = sub(sub(m1, m2), m3);
  }
  const auto finish_row = [&](const I32* h, std::int32_t* to) {
    const I32 left = add(add(h[0], h[1]), h[2]);
    const I32 right = sub(sub(h[1], h[2]), h[3]);
    store_i32(to, add(shift_right<2>(left), bias));
    store_i32(to + pixel, add(shift_right<2>(right), bias));
  };
  finish_row(half[0], upper);
  finish_row(half[1], lower);
}

template <int V>
void transform_products(const Tiles& t, std::int64_t column) {
  constexpr std::int64_t kWidth = V * kLanes;
  const std::int64_t place_size = t.packed.panel().tiles * kWidth;
  std::int32_t* lower = t.sums + 2 * t.packed.panel().tiles * kWidth;
  for (std::int64_t i = 0; i < t.count; ++i) {
    for (int v = 0; v < V; ++v) {
      const std::int64_t at = v * kLanes;
      transform_product(t.products + i * kWidth + at,
                        place_size,
                        load_i32(t.packed.packed_bias() + column + at),
                        t.sums + 2 * i * kWidth + at,
                        lower + 2 * i * kWidth + at,
                        kWidth);
    }
  }
}

/// One block of outputs of some tiles, down to the rows of the destination; `rows` of the two.
template <int V>
void run_block(const Tiles& t,
               const ConvolutionArgs& args,
               std::int64_t y,
               std::int64_t column,
               const std::byte* weights) {
  constexpr std::int64_t kWidth = V * kLanes;
  multiply<V>(t, weights);
  transform_products<V>(t, column);
  const ConvolutionShape& shape = t.packed.shape();
  const std::int64_t size = t.packed.epilogue().half ? 2 : 1;
  const std::int64_t x = 2 * t.begin;
  const std::int64_t left = shape.w.out - x;
  for (std::int64_t i = 0; i < 2 && y + i < args.row_end; ++i) {
    finish({.packed = t.packed,
            .sums = t.sums + i * 2 * t.packed.panel().tiles * kWidth,
            .sum_stride = kWidth,
            .pixels = left < 2 * t.count ? left : 2 * t.count,
            .column = column,
            .count = shape.oc - column < kWidth ? shape.oc - column : kWidth,
            .dst = dst_row(t.packed, args, y + i) + (x * args.dst_pixel + column) * size,
            .dst_pixel = args.dst_pixel});
  }
}

}  // namespace

void winograd(const PackedConvolution& packed, const ConvolutionArgs& args) {
  const PanelLayout& panel = packed.panel();
  const WinogradScratch scratch = winograd_scratch(panel);
  SourcePanel source(packed, args);
  std::byte* memory = args.scratch + packed.scratch_bytes() - scratch.total;
  const std::int64_t num_tiles = (packed.shape().w.out + 1) / 2;
  for (std::int64_t y = args.row_begin; y < args.row_end; y += 2) {
    source.hold(y);
    for (std::int64_t begin = 0; begin < num_tiles; begin += panel.tiles) {
      const Tiles tiles{
          .packed = packed,
          .rows = {source.row(y), source.row(y + 1), source.row(y + 2), source.row(y + 3)},
          .begin = begin,
          .count = num_tiles - begin < panel.tiles ? num_tiles - begin : panel.tiles,
          .source = reinterpret_cast<std::int16_t*>(memory),
          .products = reinterpret_cast<std::int32_t*>(memory + scratch.products),
          .sums = reinterpret_cast<std::int32_t*>(memory + scratch.sums)};
      transform_tiles(tiles);
      for (std::int64_t column = 0; column < panel.group_columns; column += panel.block) {
        const std::byte* weights = packed.packed_weights() + 2 * column * panel.segment;
        if (panel.group_columns - column >= 2 * kLanes) {
          run_block<2>(tiles, args, y, column, weights);
        } else {
          run_block<1>(tiles, args, y, column, weights);
        }
      }
    }
    for (std::int64_t i = y; i < y + 2 && i < args.row_end; ++i) {
      zero_padding(packed, args, dst_row(packed, args, i));
    }
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA

#else

namespace mtmi::kernels::int8::MTMI_ISA {

void winograd(const PackedConvolution& packed, const ConvolutionArgs& args) {
  convolution_ref(packed, args);
}

}  // namespace mtmi::kernels::int8::MTMI_ISA

#endif
