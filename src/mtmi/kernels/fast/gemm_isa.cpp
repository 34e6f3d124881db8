#include "mtmi/kernels/fast/gemm_tile_isa.h"
#include "mtmi/kernels/fast/isa_kernels.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

struct FloatProduct {
  using Element = float;
  static constexpr const auto& kRows = kTileRows;

  template <int R, int V>
  static inline __attribute__((always_inline)) void accumulate(const GemmArgs& args,
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
};

}  // namespace

void gemm(const GemmArgs& args) {
  constexpr std::int64_t kBlock = kTileVectors * kLanes;
  const std::int64_t depth = args.num_segments * args.segment_length;
  const float* weights = args.weights;
  for (std::int64_t n = 0; n < args.outputs; n += kBlock, weights += depth * kBlock) {
    const std::int64_t left = args.outputs - n;
    const std::int64_t row = left < kBlock ? (left + kLanes - 1) / kLanes * kLanes : kBlock;
    run_outputs<FloatProduct>(args, weights, row, n, left);
  }
}

}  // namespace mtmi::kernels::MTMI_ISA
