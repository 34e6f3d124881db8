// Four elements of 32 bits by the compiler's own vectors: SSE2, NEON, anything. See simd.h.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "mtmi/core/half.h"
#include "mtmi/core/rounding.h"

namespace mtmi::kernels::int8::MTMI_ISA {

using I32 = std::int32_t __attribute__((vector_size(16)));
using F32 = float __attribute__((vector_size(16)));
using I16 = std::int16_t __attribute__((vector_size(16)));
using U32 = std::uint32_t __attribute__((vector_size(16)));
using U16 = std::uint16_t __attribute__((vector_size(16)));
inline constexpr int kLanes = 4;
inline constexpr int kLanes16 = 8;

/// The bits of `x` as another vector.
template <class To, class From>
MTMI_INLINE To bits_as(From x) {
  static_assert(sizeof(To) == sizeof(From));
  To y;
  std::memcpy(&y, &x, sizeof(y));
  return y;
}

template <class Vector>
MTMI_INLINE Vector load_vector(const void* p) {
  Vector x;
  std::memcpy(&x, p, sizeof(x));
  return x;
}

MTMI_INLINE I32 load_i32(const std::int32_t* p) {
  return load_vector<I32>(p);
}

MTMI_INLINE void store_i32(std::int32_t* p, I32 x) {
  std::memcpy(p, &x, sizeof(x));
}

MTMI_INLINE F32 load_f32(const float* p) {
  return load_vector<F32>(p);
}

MTMI_INLINE I32 load_weights(const void* p) {
  return load_vector<I32>(p);
}

MTMI_INLINE I32 broadcast_i32(std::int32_t x) {
  return I32{x, x, x, x};
}

MTMI_INLINE I32 broadcast32(const void* p) {
  std::int32_t x = 0;
  std::memcpy(&x, p, sizeof(x));
  return broadcast_i32(x);
}

MTMI_INLINE F32 broadcast_f32(float x) {
  return F32{x, x, x, x};
}

MTMI_INLINE I32 load_s8(const std::int8_t* p) {
  return I32{p[0], p[1], p[2], p[3]};
}

MTMI_INLINE I32 load_s8_partial(const std::int8_t* p, std::int64_t n) {
  I32 x{};
  for (std::int64_t i = 0; i < n; ++i) {
    x[i] = p[i];
  }
  return x;
}

MTMI_INLINE void store_s8_partial(std::int8_t* p, I32 x, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    p[i] = static_cast<std::int8_t>(x[i]);
  }
}

MTMI_INLINE void store_s8(std::int8_t* p, I32 x) {
  store_s8_partial(p, x, kLanes);
}

inline void copy_bytes(std::int8_t* dst, const std::int8_t* src, std::int64_t n) {
  std::memcpy(dst, src, static_cast<std::size_t>(n));
}

inline void store_half_partial(std::uint16_t* p, F32 x, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    p[i] = to_float16(x[i]).bits;
  }
}

/// Modulo 2^32, here and in dot16().
MTMI_INLINE I32 add(I32 a, I32 b) {
  return bits_as<I32>(bits_as<U32>(a) + bits_as<U32>(b));
}

MTMI_INLINE I32 sub(I32 a, I32 b) {
  return bits_as<I32>(bits_as<U32>(a) - bits_as<U32>(b));
}

MTMI_INLINE I32 mul_small(I32 a, I32 b) {
  return a * b;
}

MTMI_INLINE I32 max(I32 a, I32 b) {
  const I32 larger = a > b;
  return (larger & a) | (~larger & b);
}

MTMI_INLINE I32 min(I32 a, I32 b) {
  const I32 larger = a > b;
  return (larger & b) | (~larger & a);
}

MTMI_INLINE F32 to_float(I32 x) {
  return __builtin_convertvector(x, F32);
}

MTMI_INLINE F32 mul(F32 a, F32 b) {
  return a * b;
}

MTMI_INLINE F32 select(I32 mask, F32 a, F32 b) {
  return bits_as<F32>((mask & bits_as<I32>(a)) | (~mask & bits_as<I32>(b)));
}

MTMI_INLINE F32 clamp(F32 x, F32 lo, F32 hi) {
  const F32 above = select(x < lo, lo, x);
  return select(above > hi, hi, above);
}

MTMI_INLINE F32 select_negative(I32 n, F32 a, F32 b) {
  return select(n < 0, a, b);
}

MTMI_INLINE I32 round_even(F32 x) {
  const F32 no_fractions = broadcast_f32(kNoFractionsF32);
  return __builtin_convertvector((x + no_fractions) - no_fractions, I32);
}

/// trunc(x + copysign(1/2 - 2^-25, x)): the largest float below a half lets no neighbour of a tie
/// reach the next integer, while ties do.
MTMI_INLINE I32 round_away(F32 x) {
  const I32 sign = bits_as<I32>(x) & broadcast_i32(INT32_MIN);
  const F32 half = bits_as<F32>(sign | broadcast_i32(0x3EFFFFFF));
  return __builtin_convertvector(x + half, I32);
}

/// Lane i of the result: the sum of the lanes of x[i], modulo 2^32 as every sum here: the bias may
/// bring back what a partial one lost.
MTMI_INLINE I32 add_lanes(const I32* x) {
  U32 sums{};
  for (int i = 0; i < kLanes; ++i) {
    const auto lanes = bits_as<U32>(x[i]);
    sums[i] = lanes[0] + lanes[1] + lanes[2] + lanes[3];
  }
  return bits_as<I32>(sums);
}

MTMI_INLINE I16 load_i16(const std::int16_t* p) {
  return load_vector<I16>(p);
}

MTMI_INLINE void store_i16(std::int16_t* p, I16 x) {
  std::memcpy(p, &x, sizeof(x));
}

MTMI_INLINE I16 broadcast_i16(std::int16_t x) {
  return I16{x, x, x, x, x, x, x, x};
}

MTMI_INLINE I16 load_s8_as_i16(const std::int8_t* p) {
  return I16{p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]};
}

/// Modulo 2^16, as the 32-bit sums are modulo 2^32.
MTMI_INLINE I16 add_i16(I16 a, I16 b) {
  return bits_as<I16>(bits_as<U16>(a) + bits_as<U16>(b));
}

MTMI_INLINE I16 sub_i16(I16 a, I16 b) {
  return bits_as<I16>(bits_as<U16>(a) - bits_as<U16>(b));
}

MTMI_INLINE I16 mix_i16(I16 a, I16 wa, I16 b, I16 wb) {
  return a * wa + b * wb;
}

MTMI_INLINE I32 low_half(I16 x) {
  return I32{x[0], x[1], x[2], x[3]};
}

MTMI_INLINE I32 high_half(I16 x) {
  return I32{x[4], x[5], x[6], x[7]};
}

struct Pairs {
  I32 low;
  I32 high;
};

MTMI_INLINE Pairs interleave(I16 a, I16 b) {
  const I16 low{a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]};
  const I16 high{a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7]};
  return {bits_as<I32>(low), bits_as<I32>(high)};
}

MTMI_INLINE I16 and_i16(I16 a, I16 b) {
  return a & b;
}

MTMI_INLINE I16 clamp_i16(I16 x, I16 lo, I16 hi) {
  const I16 below = bits_as<I16>(x < lo);
  const I16 above = bits_as<I16>(x > hi);
  return (below & lo) | (above & hi) | (~(below | above) & x);
}

MTMI_INLINE I16 shift_right_i16(I16 x, int bits) {
  return x >> static_cast<std::int16_t>(bits);
}

MTMI_INLINE Pairs widen(I16 x) {
  return {I32{x[0], x[1], x[2], x[3]}, I32{x[4], x[5], x[6], x[7]}};
}

MTMI_INLINE I16 narrow_pairs(Pairs x) {
  I16 y{};
  for (int i = 0; i < kLanes; ++i) {
    const std::int32_t low = x.low[i];
    const std::int32_t high = x.high[i];
    y[i] = static_cast<std::int16_t>(low < -32768 ? -32768 : low > 32767 ? 32767 : low);
    y[i + kLanes] = static_cast<std::int16_t>(high < -32768 ? -32768 : high > 32767 ? 32767 : high);
  }
  return y;
}

MTMI_INLINE void store_i16_as_s8(std::int8_t* p, I16 x) {
  for (int i = 0; i < kLanes16; ++i) {
    p[i] = static_cast<std::int8_t>(x[i]);
  }
}

MTMI_INLINE Pairs in_order(Pairs x) {
  return x;
}

MTMI_INLINE I32 dot16(I32 sum, I32 pairs, I32 weights) {
#if defined(__SSE2__)
  return add(sum, bits_as<I32>(_mm_madd_epi16(bits_as<__m128i>(pairs), bits_as<__m128i>(weights))));
#else
  const I32 even = (pairs << 16 >> 16) * (weights << 16 >> 16);
  return add(sum, even + (pairs >> 16) * (weights >> 16));
#endif
}

template <int kBits>
MTMI_INLINE I32 shift_right(I32 x) {
  return x >> kBits;
}

MTMI_INLINE I32 mul_32(I32 a, I32 b) {
  return a * b;
}

MTMI_INLINE F32 div(F32 a, F32 b) {
  return a / b;
}

MTMI_INLINE F32 zero_nan(F32 x) {
  return select(x == x, x, F32{});
}

MTMI_INLINE F32 load_f32_partial(const float* p, std::int64_t n) {
  F32 x{};
  for (std::int64_t i = 0; i < n; ++i) {
    x[i] = p[i];
  }
  return x;
}

MTMI_INLINE void store_f32_partial(float* p, F32 x, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    p[i] = x[i];
  }
}

inline F32 load_half_partial(const std::uint16_t* p, std::int64_t n) {
  F32 x{};
  for (std::int64_t i = 0; i < n; ++i) {
    x[i] = to_float(Float16{p[i]});
  }
  return x;
}

using I8 = std::int8_t __attribute__((vector_size(16)));
inline constexpr int kLanes8 = 16;

MTMI_INLINE I8 broadcast_i8(std::int8_t x) {
  return I8{x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

MTMI_INLINE I8 load_i8(const std::int8_t* p) {
  return load_vector<I8>(p);
}

MTMI_INLINE I8 load_i8_partial(const std::int8_t* p, std::int64_t n) {
  I8 x{};
  std::memcpy(&x, p, static_cast<std::size_t>(n));
  return x;
}

MTMI_INLINE void store_i8(std::int8_t* p, I8 x) {
  std::memcpy(p, &x, sizeof(x));
}

MTMI_INLINE void store_i8_partial(std::int8_t* p, I8 x, std::int64_t n) {
  std::memcpy(p, &x, static_cast<std::size_t>(n));
}

MTMI_INLINE I8 max_i8(I8 a, I8 b) {
  const I8 larger = bits_as<I8>(a > b);
  return (larger & a) | (~larger & b);
}

inline void look_up_bytes(std::int8_t* dst,
                          const std::int8_t* src,
                          std::int64_t n,
                          const std::int8_t* table) {
  for (std::int64_t i = 0; i < n; ++i) {
    dst[i] = table[src[i] + 128];
  }
}

#if !defined(__SSE2__)
/// dst[j][i] = src[i][j]; both [16][16].
inline void transpose_16x16(const std::int8_t* src, std::int8_t* dst) {
  for (int i = 0; i < 16; ++i) {
    for (int j = 0; j < 16; ++j) {
      dst[16 * j + i] = src[16 * i + j];
    }
  }
}
#endif

/// The index of the largest, the first of equal ones.
inline std::int32_t first_largest(const std::int8_t* p, std::int64_t n) {
  std::int64_t best = 0;
  for (std::int64_t i = 1; i < n; ++i) {
    best = p[i] > p[best] ? i : best;
  }
  return static_cast<std::int32_t>(best);
}

using PanelElement = std::int16_t;
inline constexpr int kStep = 2;
inline constexpr PanelElement kPanelZero = 0;
inline constexpr int kTileVectors = 2;
inline constexpr int kTileRows[kTileVectors + 1] = {0, 6, 4};

MTMI_INLINE I32 dot(I32 sum, I32 x, I32 weights) {
  return dot16(sum, x, weights);
}

inline void to_panel(PanelElement* dst, const std::int8_t* src, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    dst[i] = src[i];
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
