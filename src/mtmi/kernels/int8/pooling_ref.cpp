#include <algorithm>
#include <cstdlib>

#include "mtmi/kernels/int8/pooling.h"

namespace mtmi::kernels::int8 {
namespace {

/// rhaz(x / 65536)
std::int64_t divide_by_65536(std::int64_t x) noexcept {
  const std::int64_t magnitude = (std::abs(x) + 32768) / 65536;
  return x < 0 ? -magnitude : magnitude;
}

std::int64_t reciprocal(std::int64_t extent) noexcept {
  return extent == 0 ? 0 : 65536 / extent;
}

/// Calls f(y, x, c, rows, columns) for every element, with its taps inside the source.
template <class F>
void for_each_window(const PoolArgs& args, F f) noexcept {
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const IndexRange rows = taps_inside(args.h, y);
    for (std::int64_t x = 0; x < args.w.out; ++x) {
      const IndexRange columns = taps_inside(args.w, x);
      for (std::int64_t c = 0; c < args.channels; ++c) {
        args.dst[(y * args.w.out + x) * args.dst_pixel + c] = f(y, x, c, rows, columns);
      }
    }
  }
}

int element(const PoolArgs& args,
            std::int64_t y,
            std::int64_t x,
            std::int64_t i,
            std::int64_t j,
            std::int64_t c) noexcept {
  return args.src[(args.h.position(y, i) * args.w.in + args.w.position(x, j)) * args.src_pixel + c];
}

}  // namespace

void max_pool_ref(const PoolArgs& args) noexcept {
  for_each_window(args, [&](auto y, auto x, auto c, IndexRange rows, IndexRange columns) {
    int best = -128;
    for (std::int64_t i = rows.begin; i < rows.end; ++i) {
      for (std::int64_t j = columns.begin; j < columns.end; ++j) {
        best = std::max(best, element(args, y, x, i, j, c));
      }
    }
    return static_cast<std::int8_t>(best);
  });
}

void average_pool_ref(const PoolArgs& args) noexcept {
  for_each_window(args, [&](auto y, auto x, auto c, IndexRange rows, IndexRange columns) {
    std::int64_t sum = 0;
    for (std::int64_t i = rows.begin; i < rows.end; ++i) {
      for (std::int64_t j = columns.begin; j < columns.end; ++j) {
        sum += element(args, y, x, i, j, c);
      }
    }
    const bool all = args.count_include_pad;
    const std::int64_t kh = all ? args.h.kernel : rows.end - rows.begin;
    const std::int64_t kw = all ? args.w.kernel : columns.end - columns.begin;
    const std::int64_t t = divide_by_65536(sum * reciprocal(kw));
    const std::int64_t mean = divide_by_65536(t * reciprocal(kh));
    return static_cast<std::int8_t>(std::clamp<std::int64_t>(mean, -128, 127));
  });
}

}  // namespace mtmi::kernels::int8
