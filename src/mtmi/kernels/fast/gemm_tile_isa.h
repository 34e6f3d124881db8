// Products in register tiles, whatever is multiplied: how a matrix is cut into tiles, where their
// sums begin and what becomes of them. Included as simd.h is.
#pragma once

#include "mtmi/kernels/fast/gemm.h"
#include "mtmi/kernels/fast/simd.h"
#include "mtmi/kernels/fast/simd_math.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

/// Where a tile reads and writes.
template <class T>
struct Tile {
  const T* src;
  const T* weights;
  std::int64_t weights_row;  // elements from one row of the depth, or pair of rows, to the next
  float* dst;
  std::int64_t output;  // the first column
};

/// R pixels by V vectors of outputs, in registers.
template <int R, int V>
struct Accumulators {
  F32 sum[R][V];
};

/// A vector of the biases from `output` on, or zeros.
template <class T>
inline F32 load_bias(const GemmArgsOf<T>& args, std::int64_t output) {
  if (args.epilogue.bias == nullptr) {
    return zero();
  }
  const std::int64_t left = args.outputs - output;
  const float* bias = args.epilogue.bias + output;
  return kLanes <= left ? load(bias) : load_partial(bias, left);
}

/// Writes the tile; what is cheap in registers is done there, the rest over what was just written.
template <int R, int V, class T>
inline __attribute__((always_inline)) void finish(const GemmArgsOf<T>& args,
                                                  float* dst,
                                                  std::int64_t output,
                                                  const Accumulators<R, V>& acc) {
  const Epilogue& e = args.epilogue;
  const std::int64_t left = args.outputs - output;
  const bool simple_first = e.first.kind == Activation::None || e.first.kind == Activation::Relu;
  const bool relu = e.first.kind == Activation::Relu;
  MTMI_UNROLL
  for (int r = 0; r < R; ++r) {
    float* to = dst + r * args.dst_column;
    MTMI_UNROLL
    for (int v = 0; v < V; ++v) {
      F32 x = acc.sum[r][v];
      if (relu) {
        x = max(zero(), x);
      }
      if (V * kLanes <= left || (v + 1) * kLanes <= left) {
        store(to + v * kLanes, x);
      } else {
        store_partial(to + v * kLanes, x, left - v * kLanes);
      }
    }
  }
  if (simple_first && e.residual == nullptr && e.last.kind == Activation::None) {
    return;
  }
  const std::int64_t width = left < V * kLanes ? left : V * kLanes;
  for (int r = 0; r < R; ++r) {
    float* to = dst + r * args.dst_column;
    if (!simple_first) {
      activate_row(e.first, to, to, width);
    }
    if (e.residual != nullptr) {
      add_row(to, e.residual + (to - args.dst), width);
    }
    if (e.last.kind != Activation::None) {
      activate_row(e.last, to, to, width);
    }
  }
}

/// `Product` says what is multiplied: the type Element of operands, kRows[v], the most pixels of a
/// tile of v vectors, and accumulate<R, V>(args, tile, acc), which adds all products to the sums.
template <class Product, int R, int V, class T>
void run_tile(const GemmArgsOf<T>& args, const Tile<T>& tile) {
  Accumulators<R, V> acc;
  MTMI_UNROLL
  for (int v = 0; v < V; ++v) {
    const F32 start = load_bias(args, tile.output + v * kLanes);
    MTMI_UNROLL
    for (int r = 0; r < R; ++r) {
      acc.sum[r][v] = start;
    }
  }
  Product::template accumulate<R, V>(args, tile, acc);
  finish<R, V>(args, tile.dst, tile.output, acc);
}

/// fn[r] runs r pixels by V vectors, 1 <= r <= Product::kRows[V].
template <class Product, int V>
struct TileTable {
  using Element = typename Product::Element;
  void (*fn[Product::kRows[V] + 1])(const GemmArgsOf<Element>&, const Tile<Element>&);

  constexpr TileTable() : fn{} { fill<1>(); }

  template <int R>
  constexpr void fill() {
    fn[R] = &run_tile<Product, R, V, Element>;
    if constexpr (R < Product::kRows[V]) {
      fill<R + 1>();
    }
  }
};

/// V vectors of outputs from `output` on, for every pixel.
template <class Product, int V, class T>
void run_columns(const GemmArgsOf<T>& args,
                 const T* weights,
                 std::int64_t weights_row,
                 std::int64_t output) {
  static constexpr TileTable<Product, V> kTable;
  // Tiles of nearly equal height: 8 pixels in tiles of at most 6 are 4 and 4, not 6 and 2.
  const std::int64_t num_tiles = (args.columns + Product::kRows[V] - 1) / Product::kRows[V];
  const std::int64_t height = (args.columns + num_tiles - 1) / num_tiles;
  for (std::int64_t y = 0; y < args.rows; ++y) {
    for (std::int64_t x = 0; x < args.columns; x += height) {
      const std::int64_t count = args.columns - x < height ? args.columns - x : height;
      kTable.fn[count](args,
                       {.src = args.src + y * args.src_row + x * args.src_column,
                        .weights = weights,
                        .weights_row = weights_row,
                        .dst = args.dst + y * args.dst_row + x * args.dst_column + output,
                        .output = output});
    }
  }
}

/// The outputs from `output` on, `left` of them, as far as one tile has them: V vectors, or the
/// fewer that the last ones of a matrix fill.
template <class Product, int V = kTileVectors, class T>
void run_outputs(const GemmArgsOf<T>& args,
                 const T* weights,
                 std::int64_t weights_row,
                 std::int64_t output,
                 std::int64_t left) {
  if constexpr (V > 1) {
    if (left <= (V - 1) * kLanes) {
      run_outputs<Product, V - 1>(args, weights, weights_row, output, left);
      return;
    }
  }
  run_columns<Product, V>(args, weights, weights_row, output);
}

}  // namespace
}  // namespace mtmi::kernels::MTMI_ISA
