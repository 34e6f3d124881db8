// Four floats by the compiler's own vectors: SSE2, NEON, anything. See simd.h.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "mtmi/core/rounding.h"

namespace mtmi::kernels::generic {

using F32 = float __attribute__((vector_size(16)));
using I32 = std::int32_t __attribute__((vector_size(16)));
inline constexpr int kLanes = 4;
inline constexpr int kTileVectors = 2;
inline constexpr int kTileRows[kTileVectors + 1] = {0, 6, 4};

inline F32 load(const float* p) {
  F32 x;
  std::memcpy(&x, p, sizeof(x));
  return x;
}

inline void store(float* p, F32 x) {
  std::memcpy(p, &x, sizeof(x));
}

inline F32 zero() {
  return F32{0.0F, 0.0F, 0.0F, 0.0F};
}

inline F32 load_partial(const float* p, std::int64_t n) {
  F32 x = zero();
  for (std::int64_t i = 0; i < n; ++i) {
    x[i] = p[i];
  }
  return x;
}

inline void store_partial(float* p, F32 x, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    p[i] = x[i];
  }
}

inline F32 broadcast(float x) {
  return F32{x, x, x, x};
}

inline F32 add(F32 a, F32 b) {
  return a + b;
}

inline F32 sub(F32 a, F32 b) {
  return a - b;
}

inline F32 mul(F32 a, F32 b) {
  return a * b;
}

inline F32 div(F32 a, F32 b) {
  return a / b;
}

inline F32 select_less(F32 a, F32 b, F32 x, F32 y) {
  const I32 less = a < b;
  I32 xi;
  I32 yi;
  std::memcpy(&xi, &x, sizeof(xi));
  std::memcpy(&yi, &y, sizeof(yi));
  const I32 chosen = (less & xi) | (~less & yi);
  F32 result;
  std::memcpy(&result, &chosen, sizeof(result));
  return result;
}

inline F32 max(F32 a, F32 b) {
  return select_less(b, a, a, b);
}

inline F32 min(F32 a, F32 b) {
  return select_less(a, b, a, b);
}

#if defined(__ARM_FEATURE_FMA)
inline F32 fma(F32 a, F32 b, F32 c) {
  F32 x;
  for (int i = 0; i < kLanes; ++i) {
    x[i] = __builtin_fmaf(a[i], b[i], c[i]);
  }
  return x;
}
#else
inline F32 fma(F32 a, F32 b, F32 c) {
  return a * b + c;
}
#endif

inline F32 sqrt(F32 x) {
  F32 y;
  for (int i = 0; i < kLanes; ++i) {
    y[i] = std::sqrt(x[i]);
  }
  return y;
}

/// Pre: |x| < 2^22.
inline F32 round_to_even(F32 x) {
  const F32 no_fractions = broadcast(kNoFractionsF32);
  return (x + no_fractions) - no_fractions;
}

inline F32 round_to_bf16(F32 x) {
  I32 bits;
  std::memcpy(&bits, &x, sizeof(bits));
  const I32 rounded = (bits + ((bits >> 16) & 1) + 0x7FFF) & -65536;
  const I32 ordered = x == x;
  const I32 chosen = (ordered & rounded) | (~ordered & bits);
  F32 result;
  std::memcpy(&result, &chosen, sizeof(result));
  return result;
}

inline F32 pow2(F32 n) {
  const I32 exponent = __builtin_convertvector(n, I32) + 127;
  const I32 bits = exponent << 23;
  F32 x;
  std::memcpy(&x, &bits, sizeof(x));
  return x;
}

inline F32 scale_by_pow2(F32 x, F32 n) {
  return mul(x, pow2(n));
}

inline float reduce_add(F32 x) {
  return (x[0] + x[2]) + (x[1] + x[3]);
}

inline float reduce_max(F32 x) {
  const float a = x[0] < x[2] ? x[2] : x[0];
  const float b = x[1] < x[3] ? x[3] : x[1];
  return a < b ? b : a;
}

}  // namespace mtmi::kernels::generic
