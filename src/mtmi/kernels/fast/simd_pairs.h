// Pairs of bfloat16 in vectors of 32-bit lanes, and the sum of their two products.
//
// Included only by gemm_bf16_isa.cpp, for each instruction set:
//
//   Pairs                  a vector of kLanes pairs; the first of a pair is in the lower half
//   kPairRows              the shape of a register tile, as kTileRows
//   load_pairs, broadcast_pair, broadcast_single (a pair whose second is 0)
//   dot (a0 b0 + a1 b1 + c for every lane)
//
// A bfloat16 is the upper half of a float, so that a shift and a mask make floats of a pair. Their
// products are exact.
#pragma once

#include <cstring>

#include "mtmi/dtype.h"
#include "mtmi/kernels/fast/simd.h"

namespace mtmi::kernels::MTMI_ISA {
namespace {

inline std::int32_t pair_bits(const BFloat16* p) {
  std::int32_t bits = 0;
  std::memcpy(&bits, p, sizeof(bits));
  return bits;
}

inline std::int32_t single_bits(const BFloat16* p) {
  return p->bits;
}

#if defined(MTMI_ISA_AVX512BF16) || defined(MTMI_ISA_AVX512)

using Pairs = __m512i;

inline Pairs load_pairs(const BFloat16* p) {
  return _mm512_loadu_si512(p);
}

inline Pairs broadcast_pair(const BFloat16* p) {
  return _mm512_set1_epi32(pair_bits(p));
}

inline Pairs broadcast_single(const BFloat16* p) {
  return _mm512_set1_epi32(single_bits(p));
}

#if defined(MTMI_ISA_AVX512BF16)
inline constexpr int kPairRows[kTileVectors + 1] = {0, 12, 12, 8, 6};

inline F32 dot(Pairs a, Pairs b, F32 c) {
  return _mm512_dpbf16_ps(c, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
}
#else
inline constexpr int kPairRows[kTileVectors + 1] = {0, 12, 10, 7, 5};

inline F32 low(Pairs a) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(a, 16));
}

inline F32 high(Pairs a) {
  return _mm512_castsi512_ps(_mm512_and_si512(a, _mm512_set1_epi32(-65536)));
}
#endif

#elif defined(MTMI_ISA_AVX2)

using Pairs = __m256i;
inline constexpr int kPairRows[kTileVectors + 1] = {0, 8, 4};

inline Pairs load_pairs(const BFloat16* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

inline Pairs broadcast_pair(const BFloat16* p) {
  return _mm256_set1_epi32(pair_bits(p));
}

inline Pairs broadcast_single(const BFloat16* p) {
  return _mm256_set1_epi32(single_bits(p));
}

inline F32 low(Pairs a) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(a, 16));
}

inline F32 high(Pairs a) {
  return _mm256_castsi256_ps(_mm256_and_si256(a, _mm256_set1_epi32(-65536)));
}

#else

using Pairs = I32;
inline constexpr int kPairRows[kTileVectors + 1] = {0, 6, 4};

inline Pairs load_pairs(const BFloat16* p) {
  Pairs x;
  std::memcpy(&x, p, sizeof(x));
  return x;
}

inline Pairs broadcast_pair(const BFloat16* p) {
  const std::int32_t bits = pair_bits(p);
  return Pairs{bits, bits, bits, bits};
}

inline Pairs broadcast_single(const BFloat16* p) {
  const std::int32_t bits = single_bits(p);
  return Pairs{bits, bits, bits, bits};
}

inline F32 as_floats(Pairs bits) {
  F32 x;
  std::memcpy(&x, &bits, sizeof(x));
  return x;
}

inline F32 low(Pairs a) {
  return as_floats(a << 16);
}

inline F32 high(Pairs a) {
  return as_floats(a & -65536);
}

#endif

#if !defined(MTMI_ISA_AVX512BF16)
inline F32 dot(Pairs a, Pairs b, F32 c) {
  return fma(high(a), high(b), fma(low(a), low(b), c));
}
#endif

}  // namespace
}  // namespace mtmi::kernels::MTMI_ISA
