#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/panel_isa.h"

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

constexpr int kMostRows = 14;

/// Some pixels of one row by one block of outputs.
struct Tile {
  const PanelElement* const* segments;
  std::int64_t offset;  ///< of the first pixel and the group, from the segments' begin
  std::int64_t stride;  ///< between pixels
  std::int64_t num_segments;
  std::int64_t segment;
  const std::byte* weights;
  const std::int32_t* bias;
  std::int32_t* sums;  ///< [pixels][V * kLanes]
};

template <int R, int V>
void run_tile(const Tile& tile) {
  I32 sum[R][V];
  MTMI_UNROLL
  for (int v = 0; v < V; ++v) {
    const I32 start = load_i32(tile.bias + v * kLanes);
    MTMI_UNROLL
    for (int r = 0; r < R; ++r) {
      sum[r][v] = start;
    }
  }
  const std::byte* w = tile.weights;
  const std::int64_t stride = tile.stride;
  const std::int64_t stride2 = 2 * stride;
  for (std::int64_t s = 0; s < tile.num_segments; ++s) {
    // Three pixels to a pointer: base, base + stride, base + 2 * stride are all addressing modes.
    constexpr int kGroups = (R + 2) / 3;
    const PanelElement* base[kGroups];
    MTMI_UNROLL
    for (int g = 0; g < kGroups; ++g) {
      base[g] = tile.segments[s] + tile.offset + 3 * g * stride;
    }
    for (std::int64_t k = 0; k < tile.segment; k += kStep) {
      I32 column[V];
      MTMI_UNROLL
      for (int v = 0; v < V; ++v) {
        column[v] = load_weights(w + v * kLanes * 4);
      }
      w += V * kLanes * 4;
      MTMI_UNROLL
      for (int r = 0; r < R; ++r) {
        const PanelElement* group = base[r / 3];
        const I32 pixel = broadcast32(r % 3 == 0   ? group
                                      : r % 3 == 1 ? group + stride
                                                   : group + stride2);
        MTMI_UNROLL
        for (int v = 0; v < V; ++v) {
          sum[r][v] = dot(sum[r][v], pixel, column[v]);
        }
      }
      MTMI_UNROLL
      for (int g = 0; g < kGroups; ++g) {
        base[g] += kStep;
      }
    }
  }
  MTMI_UNROLL
  for (int r = 0; r < R; ++r) {
    MTMI_UNROLL
    for (int v = 0; v < V; ++v) {
      store_i32(tile.sums + (r * V + v) * kLanes, sum[r][v]);
    }
  }
}

using TileFn = void (*)(const Tile&);

/// kTable<V>.fn[r] runs r pixels, 1 <= r <= kTileRows[V].
template <int V>
struct Table {
  TileFn fn[kTileRows[V] + 1];

  constexpr Table() : fn{} { fill<1>(); }

  template <int R>
  constexpr void fill() {
    fn[R] = &run_tile<R, V>;
    if constexpr (R < kTileRows[V]) {
      fill<R + 1>();
    }
  }
};

/// One block of outputs of one row.
struct Block {
  const PackedConvolution& packed;
  const ConvolutionArgs& args;
  const PanelElement* const* segments;
  std::byte* row;  ///< of the destination
  std::int64_t group;
  std::int64_t column;  ///< of the group, the first
  const std::byte* weights;
};

template <int V>
void run_block(const Block& block) {
  static constexpr Table<V> kTable;
  static_assert(kTileRows[V] <= kMostRows);
  const ConvolutionShape& shape = block.packed.shape();
  const PanelLayout& panel = block.packed.panel();
  const std::int64_t group_oc = shape.oc / shape.groups;
  const std::int64_t values = block.group * panel.group_columns + block.column;
  const std::int64_t left = group_oc - block.column;
  const std::int64_t channel_bytes =
      (block.group * group_oc + block.column) * (block.packed.epilogue().half ? 2 : 1);
  const std::int64_t pixel_bytes = block.args.dst_pixel * (block.packed.epilogue().half ? 2 : 1);
  alignas(64) std::int32_t sums[kMostRows * V * kLanes];
  Tile tile{.segments = block.segments,
            .offset = 0,
            .stride = shape.w.stride * panel.pixel,
            .num_segments = panel.segments,
            .segment = panel.segment,
            .weights = block.weights,
            .bias = block.packed.packed_bias() + values,
            .sums = sums};
  // Tiles of nearly equal height: 15 pixels in tiles of at most 14 are 8 and 7, not 14 and 1.
  const std::int64_t num_tiles = (shape.w.out + kTileRows[V] - 1) / kTileRows[V];
  const std::int64_t height = (shape.w.out + num_tiles - 1) / num_tiles;
  for (std::int64_t x = 0; x < shape.w.out; x += height) {
    const std::int64_t count = shape.w.out - x < height ? shape.w.out - x : height;
    tile.offset = x * tile.stride + block.group * (shape.ic / shape.groups);
    kTable.fn[count](tile);
    finish({.packed = block.packed,
            .sums = sums,
            .sum_stride = V * kLanes,
            .pixels = count,
            .column = values,
            .count = left < V * kLanes ? left : V * kLanes,
            .dst = block.row + x * pixel_bytes + channel_bytes,
            .dst_pixel = block.args.dst_pixel});
  }
}

void run_row(const PackedConvolution& packed,
             const ConvolutionArgs& args,
             const PanelElement* const* segments,
             std::byte* row) {
  const PanelLayout& panel = packed.panel();
  const std::byte* weights = packed.packed_weights();
  const std::int64_t depth_bytes = panel.segments * panel.segment * panel.element_bytes;
  for (std::int64_t group = 0; group < packed.shape().groups; ++group) {
    for (std::int64_t column = 0; column < panel.group_columns; column += panel.block) {
      const Block block{packed, args, segments, row, group, column, weights};
      if (panel.group_columns - column >= 2 * kLanes) {
        run_block<2>(block);
        weights += 2 * kLanes * depth_bytes;
      } else {
        run_block<1>(block);
        weights += kLanes * depth_bytes;
      }
    }
  }
}

}  // namespace

void convolution(const PackedConvolution& packed, const ConvolutionArgs& args) {
  if (packed.method() == ConvolutionMethod::Plain) {
    convolution_ref(packed, args);
    return;
  }
  if (packed.method() == ConvolutionMethod::Depthwise) {
    depthwise(packed, args);
    return;
  }
  if (packed.method() == ConvolutionMethod::FewOutputs) {
    few_outputs(packed, args);
    return;
  }
  SourcePanel panel(packed, args);
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    std::byte* row = dst_row(packed, args, y);
    run_row(packed, args, panel.segments(y), row);
    zero_padding(packed, args, row);
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
