#include "mtmi/kernels/fast/gemm_tile_isa.h"
#include "mtmi/kernels/fast/isa_kernels.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

template <int R, int V>
inline __attribute__((always_inline)) void accumulate(const GemmArgs& args,
                                                      const Tile<float>& tile,
                                                      Accumulators<R, V>& acc) {
  const float* w = tile.weights;
  const std::int64_t stride = args.src_column;
  const std::int64_t stride2 = 2 * stride;
  for (std::int64_t s = 0; s < args.num_segments; ++s) {
    // Three pixels to a pointer: base, base + stride, base + 2 * stride are all addressing modes.
    constexpr int kGroups = (R + 2) / 3;
    const float* base[kGroups];
    MTMI_UNROLL
    for (int g = 0; g < kGroups; ++g) {
      base[g] = tile.src + args.segments[s] + 3 * g * stride;
    }
    for (std::int64_t k = 0; k < args.segment_length; ++k) {
      F32 column[V];
      MTMI_UNROLL
      for (int v = 0; v < V; ++v) {
        column[v] = load(w + v * kLanes);
      }
      w += V * kLanes;
      MTMI_UNROLL
      for (int r = 0; r < R; ++r) {
        const float* group = base[r / 3];
        const float* element = r % 3 == 0 ? group : r % 3 == 1 ? group + stride : group + stride2;
        const F32 pixel = broadcast(*element);
        MTMI_UNROLL
        for (int v = 0; v < V; ++v) {
          acc.sum[r][v] = fma(pixel, column[v], acc.sum[r][v]);
        }
      }
      MTMI_UNROLL
      for (int g = 0; g < kGroups; ++g) {
        ++base[g];
      }
    }
  }
}

template <int R, int V>
void run_tile(const GemmArgs& args, const Tile<float>& tile) {
  Accumulators<R, V> acc;
  MTMI_UNROLL
  for (int v = 0; v < V; ++v) {
    const F32 start = load_bias(args, tile.output + v * kLanes);
    MTMI_UNROLL
    for (int r = 0; r < R; ++r) {
      acc.sum[r][v] = start;
    }
  }
  accumulate<R, V>(args, tile, acc);
  finish<R, V>(args, tile.dst, tile.output, acc);
}

using TileFn = void (*)(const GemmArgs&, const Tile<float>&);

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

template <int V>
void run_block(const GemmArgs& args, const float* weights, std::int64_t output) {
  static constexpr Table<V> kTable;
  // Tiles of nearly equal height: 8 pixels in tiles of at most 6 are 4 and 4, not 6 and 2.
  const std::int64_t num_tiles = (args.columns + kTileRows[V] - 1) / kTileRows[V];
  const std::int64_t height = (args.columns + num_tiles - 1) / num_tiles;
  for (std::int64_t y = 0; y < args.rows; ++y) {
    for (std::int64_t x = 0; x < args.columns; x += height) {
      const std::int64_t count = args.columns - x < height ? args.columns - x : height;
      kTable.fn[count](args,
                       {.src = args.src + y * args.src_row + x * args.src_column,
                        .weights = weights,
                        .weights_row = V * kLanes,
                        .dst = args.dst + y * args.dst_row + x * args.dst_column + output,
                        .output = output});
    }
  }
}

/// Blocks of fewer vectors than a full one: the last of a matrix.
template <int V>
void run_last_block(int vectors, const GemmArgs& args, const float* weights, std::int64_t output) {
  if (vectors == V) {
    run_block<V>(args, weights, output);
  } else if constexpr (V > 1) {
    run_last_block<V - 1>(vectors, args, weights, output);
  }
}

}  // namespace

void gemm(const GemmArgs& args) {
  constexpr std::int64_t kBlock = kTileVectors * kLanes;
  const std::int64_t depth = args.num_segments * args.segment_length;
  const float* weights = args.weights;
  for (std::int64_t n = 0; n < args.outputs; n += kBlock, weights += depth * kBlock) {
    const std::int64_t left = args.outputs - n;
    const auto vectors = static_cast<int>((left + kLanes - 1) / kLanes);
    run_last_block<kTileVectors>(vectors < kTileVectors ? vectors : kTileVectors, args, weights, n);
  }
}

}  // namespace mtmi::kernels::MTMI_ISA
