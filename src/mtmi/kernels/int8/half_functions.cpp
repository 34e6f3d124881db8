#include "mtmi/kernels/int8/half_functions.h"

#include <cmath>
#include <cstddef>

#include "mtmi/core/half.h"

namespace mtmi::kernels::int8 {
namespace {

constexpr std::size_t kHalfs = 65536;

double evaluate(HalfFunction f, double x) {
  return f == HalfFunction::Sigmoid ? 1.0 / (1.0 + std::exp(-x)) : std::tanh(x);
}

template <class Src, class Dst>
void look_up(const Src* src, Dst* dst, std::int64_t n, const Dst* table) noexcept {
  for (std::int64_t i = 0; i < n; ++i) {
    dst[i] = table[src[i]];
  }
}

}  // namespace

std::vector<std::uint16_t> half_table(HalfFunction f) {
  std::vector<std::uint16_t> table(kHalfs);
  for (std::size_t bits = 0; bits < kHalfs; ++bits) {
    const float x = to_float(Float16{static_cast<std::uint16_t>(bits)});
    table[bits] = round_to_float16(evaluate(f, static_cast<double>(x))).bits;
  }
  return table;
}

std::vector<std::int8_t> half_to_int8_table(HalfFunction f, float scale, Rounding rounding) {
  std::vector<std::int8_t> table(kHalfs);
  const std::vector<std::uint16_t> halfs = half_table(f);
  for (std::size_t bits = 0; bits < kHalfs; ++bits) {
    table[bits] = saturate_s8(to_float(Float16{halfs[bits]}) / scale, rounding, Bounds{});
  }
  return table;
}

void look_up_half(const std::int8_t* src,
                  std::uint16_t* dst,
                  std::int64_t n,
                  const std::uint16_t* table) noexcept {
  look_up(src, dst, n, table + 128);
}

void look_up_from_half(const std::uint16_t* src,
                       std::uint16_t* dst,
                       std::int64_t n,
                       const std::uint16_t* table) noexcept {
  look_up(src, dst, n, table);
}

void look_up_from_half(const std::uint16_t* src,
                       std::int8_t* dst,
                       std::int64_t n,
                       const std::int8_t* table) noexcept {
  look_up(src, dst, n, table);
}

}  // namespace mtmi::kernels::int8
