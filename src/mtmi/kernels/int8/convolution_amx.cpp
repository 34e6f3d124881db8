// Convolution by AMX: tiles of 16 pixels or outputs by 64 bytes, 16,384 products an instruction.
#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/panel_isa.h"

namespace mtmi::kernels::int8::amx {
namespace {

constexpr std::int64_t kTile = 16;       // rows of every tile: pixels of sources and sums
constexpr std::int64_t kTileBytes = 64;  // bytes of a row: of the depth, or 16 sums
constexpr std::int64_t kPixels = 2 * kTile;
constexpr std::int64_t kOutputs = 2 * kTile;

/// What LDTILECFG reads: eight tiles of 16 rows of 64 bytes.
struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

static_assert(sizeof(TileConfig) == 64);

/// M tiles of pixels by N of outputs; sums are [kPixels][kOutputs]. Tiles 0 to 3 hold sums, 4 and 5
/// pixels, 6 and 7 weights.
template <int M, int N>
void run_tile(const Tile& tile) {
  // A row stride of 0 loads the same bias into every row.
  _tile_loadd(0, tile.bias, 0);
  if constexpr (N > 1) {
    _tile_loadd(1, tile.bias + kTile, 0);
  }
  if constexpr (M > 1) {
    _tile_loadd(2, tile.bias, 0);
  }
  if constexpr (M > 1 && N > 1) {
    _tile_loadd(3, tile.bias + kTile, 0);
  }
  const std::byte* w = tile.weights;
  constexpr std::int64_t kWeightRow = N * kTileBytes;
  for (std::int64_t s = 0; s < tile.num_segments; ++s) {
    const PanelElement* pixels = tile.segments[s] + tile.offset;
    for (std::int64_t k = 0; k < tile.segment; k += kTileBytes, w += kTile * kWeightRow) {
      _tile_loadd(6, w, kWeightRow);
      _tile_loadd(4, pixels + k, tile.stride);
      _tile_dpbssd(0, 4, 6);
      if constexpr (N > 1) {
        _tile_loadd(7, w + kTileBytes, kWeightRow);
        _tile_dpbssd(1, 4, 7);
      }
      if constexpr (M > 1) {
        _tile_loadd(5, pixels + k + kTile * tile.stride, tile.stride);
        _tile_dpbssd(2, 5, 6);
      }
      if constexpr (M > 1 && N > 1) {
        _tile_dpbssd(3, 5, 7);
      }
    }
  }
  constexpr std::int64_t kSumRow = kOutputs * static_cast<std::int64_t>(sizeof(std::int32_t));
  _tile_stored(0, tile.sums, kSumRow);
  if constexpr (N > 1) {
    _tile_stored(1, tile.sums + kTile, kSumRow);
  }
  if constexpr (M > 1) {
    _tile_stored(2, tile.sums + kTile * kOutputs, kSumRow);
  }
  if constexpr (M > 1 && N > 1) {
    _tile_stored(3, tile.sums + kTile * kOutputs + kTile, kSumRow);
  }
}

template <int N>
void run_block(const Block& block) {
  const ConvolutionShape& shape = block.packed.shape();
  const PanelLayout& panel = block.packed.panel();
  const std::int64_t group_oc = shape.oc / shape.groups;
  const std::int64_t values = block.group * panel.group_columns + block.column;
  const std::int64_t left = group_oc - block.column;
  const std::int64_t size = block.packed.epilogue().half ? 2 : 1;
  alignas(64) std::int32_t sums[kPixels * kOutputs];
  Tile tile{.segments = block.segments,
            .offset = 0,
            .stride = shape.w.stride * panel.pixel,
            .num_segments = panel.segments,
            .segment = panel.segment,
            .weights = block.weights,
            .bias = block.packed.packed_bias() + values,
            .sums = sums};
  for (std::int64_t x = 0; x < shape.w.out; x += kPixels) {
    const std::int64_t count = shape.w.out - x < kPixels ? shape.w.out - x : kPixels;
    tile.offset = x * tile.stride + block.group * (shape.ic / shape.groups);
    // The compiler does not see what tiles load and store.
    asm volatile("" ::: "memory");
    if (count > kTile) {
      run_tile<2, N>(tile);
    } else {
      run_tile<1, N>(tile);
    }
    asm volatile("" ::: "memory");
    finish({.packed = block.packed,
            .sums = sums,
            .sum_stride = kOutputs,
            .pixels = count,
            .column = values,
            .count = left < N * kTile ? left : N * kTile,
            .dst = block.row +
                   (x * block.args.dst_pixel + block.group * group_oc + block.column) * size,
            .dst_pixel = block.args.dst_pixel});
  }
}

void run_row(const PackedConvolution& packed,
             const ConvolutionArgs& args,
             const PanelElement* const* segments,
             std::byte* row) {
  const PanelLayout& panel = packed.panel();
  const std::byte* weights = packed.packed_weights();
  const std::int64_t depth = panel.segments * panel.segment;
  for (std::int64_t group = 0; group < packed.shape().groups; ++group) {
    for (std::int64_t column = 0; column < panel.group_columns; column += panel.block) {
      const Block block{packed, args, segments, row, group, column, weights};
      if (panel.group_columns - column >= kOutputs) {
        run_block<2>(block);
        weights += kOutputs * depth;
      } else {
        run_block<1>(block);
        weights += kTile * depth;
      }
    }
  }
}

}  // namespace

void convolution(const PackedConvolution& packed, const ConvolutionArgs& args) {
  if (packed.method() != ConvolutionMethod::Panel) {
    avx512vnni::convolution(packed, args);
    return;
  }
  static constexpr TileConfig kConfig;
  SourcePanel panel(packed, args);
  _tile_loadconfig(&kConfig);
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    std::byte* row = dst_row(packed, args, y);
    run_row(packed, args, panel.segments(y), row);
    zero_padding(packed, args, row);
  }
  _tile_release();
}

}  // namespace mtmi::kernels::int8::amx
