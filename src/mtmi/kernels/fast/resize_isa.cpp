#include "mtmi/kernels/fast/isa_kernels.h"
#include "mtmi/kernels/fast/resize.h"
#include "mtmi/kernels/fast/simd_math.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

inline void mix(const float* a, const float* b, float weight, float* dst, std::int64_t n) {
  const F32 w = broadcast(weight);
  map_rows(a, b, dst, n, [&](F32 x, F32 y) { return fma(w, sub(y, x), x); });
}

/// The same plus a third row.
inline void mix_and_add(
    const float* a, const float* b, float weight, const float* addend, float* dst, std::int64_t n) {
  const F32 w = broadcast(weight);
  const auto sum = [&](F32 x, F32 y, F32 z) { return add(fma(w, sub(y, x), x), z); };
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    store(dst + i, sum(load(a + i), load(b + i), load(addend + i)));
  }
  if (i < n) {
    const std::int64_t left = n - i;
    const F32 last =
        sum(load_partial(a + i, left), load_partial(b + i, left), load_partial(addend + i, left));
    store_partial(dst + i, last, left);
  }
}

/// The running best of columns [x, x + n), n <= kLanes, in registers. Labels are held as floats,
/// which are exact.
template <class Load, class Store>
inline void best_of_columns(const BestChannelArgs& args,
                            std::int64_t x,
                            const Load& get,
                            const Store& put) {
  const F32 weight = broadcast(args.weight);
  const float* plane = args.planes + x;
  F32 best = get(plane);
  best = fma(weight, sub(get(plane + 1), best), best);
  F32 label = zero();
  for (std::int64_t c = 1; c < args.channels; ++c) {
    plane += args.plane_stride;
    const F32 low = get(plane);
    const F32 value = fma(weight, sub(get(plane + 1), low), low);
    label = select_less(best, value, broadcast(static_cast<float>(c)), label);
    best = select_less(best, value, value, best);
  }
  put(args.best + x, label);
}

}  // namespace

void mix_rows(const float* a, const float* b, float weight, float* dst, std::int64_t n) {
  mix(a, b, weight, dst, n);
}

void best_channel(const BestChannelArgs& args) {
  std::int64_t x = 0;
  for (; x + kLanes <= args.columns; x += kLanes) {
    best_of_columns(args, x, load, store);
  }
  if (x < args.columns) {
    const std::int64_t n = args.columns - x;
    best_of_columns(
        args,
        x,
        [n](const float* p) { return load_partial(p, n); },
        [n](float* p, F32 v) { store_partial(p, v, n); });
  }
  for (x = 0; x < args.columns; ++x) {
    args.labels[x] = static_cast<std::int32_t>(args.best[x]);
  }
}

void resize(const ResizeArgs& args) {
  const std::int64_t row_floats = args.width * args.channels;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const ResizeTap& row = args.rows[y];
    const float* mixed = args.src + row.low * row_floats;
    if (row.weight != 0.0F) {
      mix(mixed, args.src + row.high * row_floats, row.weight, args.scratch, row_floats);
      mixed = args.scratch;
    }
    float* dst = args.dst + y * args.columns * args.dst_column;
    for (std::int64_t x = 0; x < args.columns; ++x, dst += args.dst_column) {
      const ResizeTap& tap = args.columns_taps[x];
      const float* low = mixed + tap.low * args.channels;
      const float* high = mixed + tap.high * args.channels;
      if (args.addend == nullptr) {
        mix(low, high, tap.weight, dst, args.channels);
      } else {
        const float* addend = args.addend + (y * args.columns + x) * args.channels;
        mix_and_add(low, high, tap.weight, addend, dst, args.channels);
      }
    }
  }
}

}  // namespace mtmi::kernels::MTMI_ISA
