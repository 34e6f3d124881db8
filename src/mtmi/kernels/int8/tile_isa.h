// The register tile of the products.
//
// Included only by *_isa.cpp files.
#pragma once

#include <cstddef>

#include "mtmi/kernels/int8/panel_isa.h"
#include "mtmi/kernels/int8/simd.h"

namespace mtmi::kernels::int8::MTMI_ISA {

/// Sums are [R][V * kLanes].
template <int R, int V>
void run_tile_of(const Tile& tile) {
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

/// fn[r] runs r pixels, 1 <= r <= kTileRows[V].
template <int V>
struct TileTable {
  TileFn fn[kTileRows[V] + 1];

  constexpr TileTable() : fn{} { fill<1>(); }

  template <int R>
  constexpr void fill() {
    fn[R] = &run_tile_of<R, V>;
    if constexpr (R < kTileRows[V]) {
      fill<R + 1>();
    }
  }
};

/// 1 <= pixels <= kTileRows[V], by V vectors of outputs.
template <int V>
inline void run_tile(const Tile& tile, std::int64_t pixels) {
  static constexpr TileTable<V> kTable;
  kTable.fn[pixels](tile);
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
