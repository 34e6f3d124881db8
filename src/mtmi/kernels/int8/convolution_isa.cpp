#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/panel_isa.h"
#include "mtmi/kernels/int8/tile_isa.h"

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

template <int V>
void run_block(const Block& block) {
  const ConvolutionShape& shape = block.packed.shape();
  const PanelLayout& panel = block.packed.panel();
  const std::int64_t group_oc = shape.oc / shape.groups;
  const std::int64_t values = block.group * panel.group_columns + block.column;
  const std::int64_t left = group_oc - block.column;
  const std::int64_t channel_bytes =
      (block.group * group_oc + block.column) * (block.packed.epilogue().half ? 2 : 1);
  const std::int64_t pixel_bytes = block.args.dst_pixel * (block.packed.epilogue().half ? 2 : 1);
  alignas(64) std::int32_t sums[kTileRows[V] * V * kLanes];
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
    run_tile<V>(tile, count);
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

void panel_convolution(const PackedConvolution& packed, const ConvolutionArgs& args) {
  SourcePanel panel(packed, args);
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    std::byte* row = dst_row(packed, args, y);
    run_row(packed, args, panel.segments(y), row);
    zero_padding(packed, args, row);
  }
}

}  // namespace

void convolution(const PackedConvolution& packed, const ConvolutionArgs& args) {
  switch (packed.method()) {
    case ConvolutionMethod::Panel:
      panel_convolution(packed, args);
      break;
    case ConvolutionMethod::FewOutputs:
      few_outputs(packed, args);
      break;
    case ConvolutionMethod::Winograd:
      winograd(packed, args);
      break;
    case ConvolutionMethod::Depthwise:
      depthwise(packed, args);
      break;
    case ConvolutionMethod::Plain:
      convolution_ref(packed, args);
      break;
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
