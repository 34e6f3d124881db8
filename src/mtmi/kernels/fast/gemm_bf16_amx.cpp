// Products of bfloat16 by AMX: tiles of 16 pixels or pairs by 64 bytes, 8,192 products an
// instruction.
#include <cstring>

#include "mtmi/kernels/fast/gemm_tile_isa.h"
#include "mtmi/kernels/fast/isa_kernels.h"
#include "mtmi/kernels/fast/packed_pairs.h"

namespace mtmi::kernels::amx {
namespace {

constexpr std::int64_t kTileSide = 16;  // rows of a tile; sums in one of its rows
constexpr std::int64_t kPixels = 2 * kTileSide;
constexpr std::int64_t kOutputs = 2 * kTileSide;
constexpr std::int64_t kDepth = PackedPairs::kDepthStep;  // elements in a row of a tile

/// What LDTILECFG reads. Tiles 0 to 3 hold sums, 4 and 5 pixels, 6 and 7 weights.
struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

static_assert(sizeof(TileConfig) == 64);

/// For `pixels` of 1 to 32: those of the second tile may be none.
void configure(std::int64_t pixels) {
  TileConfig config;
  const std::int64_t first = pixels < kTileSide ? pixels : kTileSide;
  const std::int64_t second = pixels - first;
  config.rows[0] = config.rows[1] = config.rows[4] = static_cast<std::uint8_t>(first);
  if (second > 0) {
    config.rows[2] = config.rows[3] = config.rows[5] = static_cast<std::uint8_t>(second);
  }
  // g++ 12 takes the instruction to read 8 of the 64 bytes: the others must not look unused.
  asm volatile("" : : "r"(&config) : "memory");
  _tile_loadconfig(&config);
}

/// 32 elements of the depth: M tiles of pixels by N of outputs. Strides count bytes.
template <int M, int N>
inline __attribute__((always_inline)) void multiply(const BFloat16* src,
                                                    std::int64_t stride,
                                                    const BFloat16* weights,
                                                    std::int64_t weights_stride) {
  _tile_loadd(6, weights, weights_stride);
  _tile_loadd(4, src, stride);
  _tile_dpbf16ps(0, 4, 6);
  if constexpr (N > 1) {
    _tile_loadd(7, weights + 2 * kTileSide, weights_stride);
    _tile_dpbf16ps(1, 4, 7);
  }
  if constexpr (M > 1) {
    _tile_loadd(5, reinterpret_cast<const std::byte*>(src) + kTileSide * stride, stride);
    _tile_dpbf16ps(2, 5, 6);
  }
  if constexpr (M > 1 && N > 1) {
    _tile_dpbf16ps(3, 5, 7);
  }
}

/// The end of a segment with zeros behind it: what lies there in memory belongs to other products,
/// and infinity times zero is no zero.
struct alignas(64) Remainder {
  BFloat16 pixels[kPixels][kDepth];

  void read(const BFloat16* src, std::int64_t stride, std::int64_t pixel_count, std::int64_t n) {
    std::memset(pixels, 0, sizeof(pixels));
    for (std::int64_t p = 0; p < pixel_count; ++p) {
      std::memcpy(pixels[p], src + p * stride, static_cast<std::size_t>(n) * sizeof(BFloat16));
    }
  }
};

/// Up to 32 pixels of one row by up to 32 outputs; `pixels` of them are there.
template <int M, int N>
void run_tile(const GemmBf16Args& args, const Tile<BFloat16>& tile, std::int64_t pixels) {
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(BFloat16));
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  const std::int64_t whole = args.segment_length / kDepth * kDepth;
  const std::int64_t stride = args.src_column * kSize;
  const std::int64_t weights_stride = tile.weights_row * kSize;
  const std::int64_t step = kDepth / 2 * tile.weights_row;
  const BFloat16* w = tile.weights;
  for (std::int64_t s = 0; s < args.num_segments; ++s) {
    const BFloat16* src = tile.src + args.segments[s];
    for (std::int64_t k = 0; k < whole; k += kDepth, w += step) {
      multiply<M, N>(src + k, stride, w, weights_stride);
    }
    if (whole < args.segment_length) {
      Remainder rest;
      rest.read(src + whole, args.src_column, pixels, args.segment_length - whole);
      // The compiler does not see what tiles load and store.
      asm volatile("" ::: "memory");
      multiply<M, N>(rest.pixels[0], kDepth * kSize, w, weights_stride);
      asm volatile("" ::: "memory");
      w += step;
    }
  }
}

/// The sums of M by N tiles, with a row for each pixel.
template <int M, int N>
inline void store_tiles(float* sums) {
  constexpr auto kRow = static_cast<std::int64_t>(kOutputs * sizeof(float));
  _tile_stored(0, sums, kRow);
  if constexpr (N > 1) {
    _tile_stored(1, sums + kTileSide, kRow);
  }
  if constexpr (M > 1) {
    _tile_stored(2, sums + kTileSide * kOutputs, kRow);
  }
  if constexpr (M > 1 && N > 1) {
    _tile_stored(3, sums + kTileSide * kOutputs + kTileSide, kRow);
  }
}

template <int M, int N>
void run_pixels(const GemmBf16Args& args, const Tile<BFloat16>& tile, std::int64_t pixels) {
  alignas(64) float sums[kPixels * kOutputs];
  asm volatile("" ::: "memory");
  run_tile<M, N>(args, tile, pixels);
  store_tiles<M, N>(sums);
  asm volatile("" ::: "memory");
  F32 bias[N];
  MTMI_UNROLL
  for (int v = 0; v < N; ++v) {
    bias[v] = load_bias(args, tile.output + v * kLanes);
  }
  for (std::int64_t p = 0; p < pixels; ++p) {
    Accumulators<1, N> acc;
    MTMI_UNROLL
    for (int v = 0; v < N; ++v) {
      acc.sum[0][v] = add(load(sums + p * kOutputs + v * kLanes), bias[v]);
    }
    finish<1, N>(args, tile.dst + p * args.dst_column, tile.output, acc);
  }
}

/// Every output of up to 32 pixels, which stay in the first-level cache meanwhile.
template <int M>
void run_block(const GemmBf16Args& args,
               const PackedPairs& packed,
               Tile<BFloat16> tile,
               std::int64_t pixels) {
  const BFloat16* block = args.weights;
  float* const dst = tile.dst;
  for (std::int64_t n = 0; n < args.outputs; n += PackedPairs::kBlock) {
    const std::int64_t width = packed.width(n);
    tile.weights_row = 2 * width;
    for (std::int64_t at = 0; at < width; at += kOutputs) {
      tile.weights = block + 2 * at;
      tile.output = n + at;
      tile.dst = dst + tile.output;
      if (width - at > kTileSide) {
        run_pixels<M, 2>(args, tile, pixels);
      } else {
        run_pixels<M, 1>(args, tile, pixels);
      }
    }
    block += packed.segments * packed.segment_pairs() * tile.weights_row;
  }
}

/// Pixels [begin, end) of every row, up to 32 at a time.
template <int M>
void run_columns(const GemmBf16Args& args, std::int64_t begin, std::int64_t end) {
  const PackedPairs packed{.segments = args.num_segments,
                           .segment_length = args.segment_length,
                           .columns = args.outputs};
  for (std::int64_t y = 0; y < args.rows; ++y) {
    for (std::int64_t x = begin; x < end; x += kPixels) {
      Tile<BFloat16> tile{};
      tile.src = args.src + y * args.src_row + x * args.src_column;
      tile.dst = args.dst + y * args.dst_row + x * args.dst_column;
      run_block<M>(args, packed, tile, end - x < kPixels ? end - x : kPixels);
    }
  }
}

}  // namespace

void gemm_bf16(const GemmBf16Args& args) {
  const std::int64_t whole = args.columns / kPixels * kPixels;
  const std::int64_t rest = args.columns - whole;
  if (whole > 0) {
    configure(kPixels);
    run_columns<2>(args, 0, whole);
  }
  if (rest > 0) {
    configure(rest);
    if (rest > kTileSide) {
      run_columns<2>(args, whole, args.columns);
    } else {
      run_columns<1>(args, whole, args.columns);
    }
  }
  _tile_release();
}

}  // namespace mtmi::kernels::amx
