// AVX2 and FMA3: 8 floats. See simd.h.
#pragma once

#include <cstdint>

#include <immintrin.h>

namespace mtmi::kernels::avx2 {

using F32 = __m256;
inline constexpr int kLanes = 8;
inline constexpr int kTileVectors = 2;
inline constexpr int kTileRows[kTileVectors + 1] = {0, 8, 6};

inline __m256i first(std::int64_t n) {
  alignas(32) static constexpr std::int32_t kMasks[16] = {
      -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kMasks + 8 - n));
}

inline F32 load(const float* p) {
  return _mm256_loadu_ps(p);
}

inline void store(float* p, F32 x) {
  _mm256_storeu_ps(p, x);
}

inline F32 load_partial(const float* p, std::int64_t n) {
  return _mm256_maskload_ps(p, first(n));
}

inline void store_partial(float* p, F32 x, std::int64_t n) {
  _mm256_maskstore_ps(p, first(n), x);
}

inline F32 broadcast(float x) {
  return _mm256_set1_ps(x);
}

inline F32 zero() {
  return _mm256_setzero_ps();
}

inline F32 add(F32 a, F32 b) {
  return _mm256_add_ps(a, b);
}

inline F32 sub(F32 a, F32 b) {
  return _mm256_sub_ps(a, b);
}

inline F32 mul(F32 a, F32 b) {
  return _mm256_mul_ps(a, b);
}

inline F32 div(F32 a, F32 b) {
  return _mm256_div_ps(a, b);
}

inline F32 max(F32 a, F32 b) {
  return _mm256_max_ps(a, b);
}

inline F32 min(F32 a, F32 b) {
  return _mm256_min_ps(a, b);
}

inline F32 fma(F32 a, F32 b, F32 c) {
  return _mm256_fmadd_ps(a, b, c);
}

inline F32 sqrt(F32 x) {
  return _mm256_sqrt_ps(x);
}

inline F32 round_to_even(F32 x) {
  return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

inline F32 round_to_bf16(F32 x) {
  const __m256i bits = _mm256_castps_si256(x);
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  const __m256i up = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7FFF)));
  const F32 rounded = _mm256_castsi256_ps(_mm256_and_si256(up, _mm256_set1_epi32(-65536)));
  return _mm256_blendv_ps(rounded, x, _mm256_cmp_ps(x, x, _CMP_UNORD_Q));
}

inline F32 pow2(F32 n) {
  const __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23));
}

inline F32 scale_by_pow2(F32 x, F32 n) {
  return mul(x, pow2(n));
}

inline F32 select_less(F32 a, F32 b, F32 x, F32 y) {
  return _mm256_blendv_ps(y, x, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
}

inline float reduce_add(F32 x) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

inline float reduce_max(F32 x) {
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_shuffle_ps(two, two, 1)));
}

}  // namespace mtmi::kernels::avx2
