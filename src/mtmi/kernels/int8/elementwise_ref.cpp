#include <algorithm>

#include "mtmi/kernels/int8/elementwise.h"

namespace mtmi::kernels::int8 {
namespace {

int apply(BinaryOp op, int a, int b) noexcept {
  switch (op) {
    case BinaryOp::Add:
      return a + b;
    case BinaryOp::Sub:
      return a - b;
    case BinaryOp::Mul:
      return a * b;
    case BinaryOp::Max:
      return std::max(a, b);
    case BinaryOp::Min:
      return std::min(a, b);
  }
  return 0;
}

std::int8_t finish(int n, const Requantisation& r) noexcept {
  return requantize(n, n < 0 ? r.negative_multiplier : r.multiplier, r.rounding, r.bounds);
}

/// dst(p, c) = f(src(p, c))
template <class F>
void for_each(const UnaryArgs& args, F f) noexcept {
  for (std::int64_t p = 0; p < args.pixels; ++p) {
    for (std::int64_t c = 0; c < args.channels; ++c) {
      args.dst[p * args.dst_pixel + c] = f(args.src[p * args.src_pixel + c]);
    }
  }
}

}  // namespace

void binary_ref(const BinaryArgs& args) noexcept {
  const auto at = [](const BinaryArgs::Operand& x, std::int64_t p, std::int64_t c) {
    return x.data[p * x.pixel + c * x.channel];
  };
  for (std::int64_t p = 0; p < args.pixels; ++p) {
    for (std::int64_t c = 0; c < args.channels; ++c) {
      args.dst[p * args.dst_pixel + c] =
          finish(apply(args.op, at(args.a, p, c), at(args.b, p, c)), args.requantisation);
    }
  }
}

void rescale_ref(const UnaryArgs& args, const Requantisation& requantisation) noexcept {
  for_each(args, [&](std::int8_t x) { return finish(x, requantisation); });
}

void copy_ref(const UnaryArgs& args) noexcept {
  for_each(args, [](std::int8_t x) { return x; });
}

void look_up_ref(const UnaryArgs& args, const std::int8_t* table) noexcept {
  for_each(args, [&](std::int8_t x) { return table[x + 128]; });
}

}  // namespace mtmi::kernels::int8
