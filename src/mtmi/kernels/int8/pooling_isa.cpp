#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/simd.h"

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

/// The taps of a window that lie inside the source: the first position, how many, how far apart.
struct Taps {
  std::int64_t first;
  std::int64_t count;
};

Taps taps_of(const Window& w, std::int64_t o) {
  std::int64_t begin = 0;
  std::int64_t end = w.kernel;
  while (begin < end && w.position(o, begin) < 0) {
    ++begin;
  }
  while (end > begin && w.position(o, end - 1) >= w.in) {
    --end;
  }
  return {w.position(o, begin), end - begin};
}

/// One window: calls body(source of its first tap, rows, columns, destination).
template <class Body>
MTMI_INLINE void for_each_window(const PoolArgs& args, Body body) {
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const Taps rows = taps_of(args.h, y);
    for (std::int64_t x = 0; x < args.w.out; ++x) {
      const Taps columns = taps_of(args.w, x);
      const bool empty = rows.count == 0 || columns.count == 0;
      const std::int64_t first = empty ? 0 : rows.first * args.w.in + columns.first;
      body(args.src + first * args.src_pixel,
           empty ? Taps{0, 0} : rows,
           empty ? Taps{0, 0} : columns,
           args.dst + (y * args.w.out + x) * args.dst_pixel);
    }
  }
}

/// rhaz(x / 65536): an arithmetic shift rounds down, so negative ties need one less.
MTMI_INLINE I32 divide_by_65536(I32 x) {
  return shift_right<16>(add(add(x, broadcast_i32(32768)), shift_right<31>(x)));
}

std::int32_t reciprocal(std::int64_t extent) {
  return extent == 0 ? 0 : static_cast<std::int32_t>(65536 / extent);
}

}  // namespace

void max_pool(const PoolArgs& args) {
  const std::int64_t down = args.h.dilation * args.w.in * args.src_pixel;
  const std::int64_t right = args.w.dilation * args.src_pixel;
  for_each_window(args, [&](const std::int8_t* src, Taps rows, Taps columns, std::int8_t* dst) {
    for (std::int64_t c = 0; c < args.channels; c += kLanes8) {
      const std::int64_t n = args.channels - c < kLanes8 ? args.channels - c : kLanes8;
      I8 best = broadcast_i8(-128);
      for (std::int64_t i = 0; i < rows.count; ++i) {
        for (std::int64_t j = 0; j < columns.count; ++j) {
          const std::int8_t* at = src + i * down + j * right + c;
          best = max_i8(best, n == kLanes8 ? load_i8(at) : load_i8_partial(at, n));
        }
      }
      if (n == kLanes8) {
        store_i8(dst + c, best);
      } else {
        store_i8_partial(dst + c, best, n);
      }
    }
  });
}

void average_pool(const PoolArgs& args) {
  // |sum| * 65536 / kw stays below 2^31.
  constexpr std::int64_t kMostRows = 255;
  if (args.h.kernel > kMostRows) {
    average_pool_ref(args);
    return;
  }
  const std::int64_t down = args.h.dilation * args.w.in * args.src_pixel;
  const std::int64_t right = args.w.dilation * args.src_pixel;
  for_each_window(args, [&](const std::int8_t* src, Taps rows, Taps columns, std::int8_t* dst) {
    const bool all = args.count_include_pad;
    const I32 by_width = broadcast_i32(reciprocal(all ? args.w.kernel : columns.count));
    const I32 by_height = broadcast_i32(reciprocal(all ? args.h.kernel : rows.count));
    for (std::int64_t c = 0; c < args.channels; c += kLanes) {
      const std::int64_t n = args.channels - c < kLanes ? args.channels - c : kLanes;
      I32 sum = broadcast_i32(0);
      for (std::int64_t i = 0; i < rows.count; ++i) {
        for (std::int64_t j = 0; j < columns.count; ++j) {
          const std::int8_t* at = src + i * down + j * right + c;
          sum = add(sum, n == kLanes ? load_s8(at) : load_s8_partial(at, n));
        }
      }
      const I32 mean = divide_by_65536(mul_32(divide_by_65536(mul_32(sum, by_width)), by_height));
      const I32 inside = min(max(mean, broadcast_i32(-128)), broadcast_i32(127));
      store_s8_partial(dst + c, inside, n);
    }
  });
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
