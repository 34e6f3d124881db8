#include "mtmi/kernels/fast/gemm_tile_isa.h"
#include "mtmi/kernels/fast/isa_kernels.h"
#include "mtmi/kernels/fast/packed_pairs.h"
#include "mtmi/kernels/fast/simd_pairs.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

template <int R, int V, class Broadcast>
inline __attribute__((always_inline)) void add_pair(const BFloat16* src,
                                                    std::int64_t stride,
                                                    const BFloat16* weights,
                                                    const Broadcast& broadcast_pixel,
                                                    Accumulators<R, V>& acc) {
  Pairs column[V];
  MTMI_UNROLL
  for (int v = 0; v < V; ++v) {
    column[v] = load_pairs(weights + v * 2 * kLanes);
  }
  MTMI_UNROLL
  for (int r = 0; r < R; ++r) {
    const Pairs pixel = broadcast_pixel(src + r * stride);
    MTMI_UNROLL
    for (int v = 0; v < V; ++v) {
      acc.sum[r][v] = dot(pixel, column[v], acc.sum[r][v]);
    }
  }
}

struct PairProduct {
  using Element = BFloat16;
  static constexpr const auto& kRows = kPairRows;

  template <int R, int V>
  static inline __attribute__((always_inline)) void accumulate(const GemmBf16Args& args,
                                                               const Tile<BFloat16>& tile,
                                                               Accumulators<R, V>& acc) {
    const PackedPairs packed{.segment_length = args.segment_length};
    const std::int64_t pairs = args.segment_length / 2;
    const std::int64_t segment_weights = packed.segment_pairs() * tile.weights_row;
    for (std::int64_t s = 0; s < args.num_segments; ++s) {
      const BFloat16* src = tile.src + args.segments[s];
      const BFloat16* w = tile.weights + s * segment_weights;
      for (std::int64_t k = 0; k < pairs; ++k, src += 2, w += tile.weights_row) {
        add_pair<R, V>(
            src, args.src_column, w, [](const BFloat16* p) { return broadcast_pair(p); }, acc);
      }
      if (2 * pairs < args.segment_length) {
        add_pair<R, V>(
            src, args.src_column, w, [](const BFloat16* p) { return broadcast_single(p); }, acc);
      }
    }
  }
};

}  // namespace

void gemm_bf16(const GemmBf16Args& args) {
  constexpr std::int64_t kTileOutputs = kTileVectors * kLanes;
  const PackedPairs packed{.segments = args.num_segments,
                           .segment_length = args.segment_length,
                           .columns = args.outputs};
  const BFloat16* block = args.weights;
  for (std::int64_t n = 0; n < args.outputs; n += PackedPairs::kBlock) {
    const std::int64_t row = 2 * packed.width(n);
    const std::int64_t left = args.outputs - n;
    const std::int64_t used = left < PackedPairs::kBlock ? left : PackedPairs::kBlock;
    for (std::int64_t at = 0; at < used; at += kTileOutputs) {
      run_outputs<PairProduct>(args, block + 2 * at, row, n + at, used - at);
    }
    block += packed.segments * packed.segment_pairs() * row;
  }
}

void round_bf16(const float* src, BFloat16* dst, std::int64_t n) {
  std::int64_t i = 0;
#if defined(MTMI_ISA_AVX512BF16)
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    const __m512bh pairs =
        _mm512_cvtne2ps_pbh(_mm512_loadu_ps(src + i + kLanes), _mm512_loadu_ps(src + i));
    _mm512_storeu_si512(dst + i, reinterpret_cast<__m512i>(pairs));
  }
#endif
  for (; i < n; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, src + i, sizeof(bits));
    const std::uint32_t rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
    const bool is_nan = (bits & 0x7FFFFFFFU) > 0x7F800000U;
    dst[i].bits = static_cast<std::uint16_t>(is_nan ? (bits >> 16) | 0x40U : rounded);
  }
}

}  // namespace mtmi::kernels::MTMI_ISA
