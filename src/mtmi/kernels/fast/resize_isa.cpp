#include "mtmi/kernels/fast/isa_kernels.h"
#include "mtmi/kernels/fast/resize.h"
#include "mtmi/kernels/fast/simd_math.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

inline void mix_rows(const float* a, const float* b, float weight, float* dst, std::int64_t n) {
  const F32 w = broadcast(weight);
  map_rows(a, b, dst, n, [&](F32 x, F32 y) { return fma(w, sub(y, x), x); });
}

}  // namespace

void resize(const ResizeArgs& args) {
  const std::int64_t row_floats = args.width * args.channels;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const ResizeTap& row = args.rows[y];
    const float* mixed = args.src + row.low * row_floats;
    if (row.weight != 0.0F) {
      mix_rows(mixed, args.src + row.high * row_floats, row.weight, args.scratch, row_floats);
      mixed = args.scratch;
    }
    float* dst = args.dst + y * args.columns * args.dst_column;
    for (std::int64_t x = 0; x < args.columns; ++x, dst += args.dst_column) {
      const ResizeTap& tap = args.columns_taps[x];
      mix_rows(mixed + tap.low * args.channels,
               mixed + tap.high * args.channels,
               tap.weight,
               dst,
               args.channels);
      if (args.addend != nullptr) {
        add_row(dst, args.addend + (y * args.columns + x) * args.channels, args.channels);
      }
    }
  }
}

}  // namespace mtmi::kernels::MTMI_ISA
