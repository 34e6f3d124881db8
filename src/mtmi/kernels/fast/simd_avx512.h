// AVX-512: 16 floats. See simd.h.
#pragma once

#include <cstdint>

#include <immintrin.h>

namespace mtmi::kernels::MTMI_ISA {

using F32 = __m512;
inline constexpr int kLanes = 16;
inline constexpr int kTileVectors = 4;
inline constexpr int kTileRows[kTileVectors + 1] = {0, 12, 12, 8, 6};

inline __mmask16 first(std::int64_t n) {
  return static_cast<__mmask16>((1U << static_cast<unsigned>(n)) - 1U);
}

inline F32 load(const float* p) {
  return _mm512_loadu_ps(p);
}

inline void store(float* p, F32 x) {
  _mm512_storeu_ps(p, x);
}

inline F32 load_partial(const float* p, std::int64_t n) {
  return _mm512_maskz_loadu_ps(first(n), p);
}

inline void store_partial(float* p, F32 x, std::int64_t n) {
  _mm512_mask_storeu_ps(p, first(n), x);
}

inline F32 broadcast(float x) {
  return _mm512_set1_ps(x);
}

inline F32 zero() {
  return _mm512_setzero_ps();
}

inline F32 add(F32 a, F32 b) {
  return _mm512_add_ps(a, b);
}

inline F32 sub(F32 a, F32 b) {
  return _mm512_sub_ps(a, b);
}

inline F32 mul(F32 a, F32 b) {
  return _mm512_mul_ps(a, b);
}

inline F32 div(F32 a, F32 b) {
  return _mm512_div_ps(a, b);
}

inline F32 max(F32 a, F32 b) {
  return _mm512_max_ps(a, b);
}

inline F32 min(F32 a, F32 b) {
  return _mm512_min_ps(a, b);
}

inline F32 fma(F32 a, F32 b, F32 c) {
  return _mm512_fmadd_ps(a, b, c);
}

inline F32 sqrt(F32 x) {
  return _mm512_sqrt_ps(x);
}

inline F32 round_to_even(F32 x) {
  return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

inline F32 round_to_bf16(F32 x) {
  const __m512i bits = _mm512_castps_si512(x);
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i up = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7FFF)));
  const F32 rounded = _mm512_castsi512_ps(_mm512_and_si512(up, _mm512_set1_epi32(-65536)));
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), rounded, x);
}

inline F32 scale_by_pow2(F32 x, F32 n) {
  return _mm512_scalef_ps(x, n);
}

inline F32 pow2(F32 n) {
  return _mm512_scalef_ps(_mm512_set1_ps(1.0F), n);
}

inline F32 select_less(F32 a, F32 b, F32 x, F32 y) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), y, x);
}

inline float reduce_add(F32 x) {
  return _mm512_reduce_add_ps(x);
}

inline float reduce_max(F32 x) {
  return _mm512_reduce_max_ps(x);
}

}  // namespace mtmi::kernels::MTMI_ISA
