// AVX2: 8 elements of 32 bits. See simd.h.
#pragma once

#include <cstdint>
#include <cstring>

#include <immintrin.h>

namespace mtmi::kernels::int8::MTMI_ISA {

using I32 = __m256i;
using F32 = __m256;
using I16 = __m256i;
inline constexpr int kLanes = 8;
inline constexpr int kLanes16 = 16;

inline I32 load_i32(const std::int32_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

inline void store_i32(std::int32_t* p, I32 x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), x);
}

inline F32 load_f32(const float* p) {
  return _mm256_loadu_ps(p);
}

inline I32 load_weights(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

inline I32 broadcast32(const void* p) {
  std::int32_t x = 0;  // bytes of a pixel lie anywhere
  std::memcpy(&x, p, sizeof(x));
  return _mm256_set1_epi32(x);
}

inline I32 broadcast_i32(std::int32_t x) {
  return _mm256_set1_epi32(x);
}

inline F32 broadcast_f32(float x) {
  return _mm256_set1_ps(x);
}

inline I32 load_s8(const std::int8_t* p) {
  return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
}

inline I32 load_s8_partial(const std::int8_t* p, std::int64_t n) {
  std::int64_t bytes = 0;
  std::memcpy(&bytes, p, static_cast<std::size_t>(n));
  return _mm256_cvtepi8_epi32(_mm_cvtsi64_si128(bytes));
}

/// The lanes' low bytes.
inline __m128i narrow(I32 x) {
  const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  return _mm_packs_epi16(words, words);
}

inline void store_s8(std::int8_t* p, I32 x) {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), narrow(x));
}

inline void store_s8_partial(std::int8_t* p, I32 x, std::int64_t n) {
  const std::int64_t bytes = _mm_cvtsi128_si64(narrow(x));
  std::memcpy(p, &bytes, static_cast<std::size_t>(n));
}

inline void copy_bytes(std::int8_t* dst, const std::int8_t* src, std::int64_t n) {
  for (; n >= 32; n -= 32, dst += 32, src += 32) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(dst),
                        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(src)));
  }
  std::memcpy(dst, src, static_cast<std::size_t>(n));
}

inline void store_half_partial(std::uint16_t* p, F32 x, std::int64_t n) {
  std::uint16_t halfs[kLanes];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(halfs),
                   _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  std::memcpy(p, halfs, static_cast<std::size_t>(n) * sizeof(std::uint16_t));
}

inline I32 add(I32 a, I32 b) {
  return _mm256_add_epi32(a, b);
}

inline I32 sub(I32 a, I32 b) {
  return _mm256_sub_epi32(a, b);
}

inline I32 mul_small(I32 a, I32 b) {
  return _mm256_mullo_epi32(a, b);
}

inline I32 max(I32 a, I32 b) {
  return _mm256_max_epi32(a, b);
}

inline I32 min(I32 a, I32 b) {
  return _mm256_min_epi32(a, b);
}

inline F32 to_float(I32 x) {
  return _mm256_cvtepi32_ps(x);
}

inline F32 mul(F32 a, F32 b) {
  return _mm256_mul_ps(a, b);
}

inline F32 clamp(F32 x, F32 lo, F32 hi) {
  return _mm256_min_ps(_mm256_max_ps(x, lo), hi);
}

inline F32 select_negative(I32 n, F32 a, F32 b) {
  return _mm256_blendv_ps(b, a, _mm256_castsi256_ps(n));
}

inline I32 round_even(F32 x) {
  return _mm256_cvtps_epi32(x);
}

/// trunc(x + copysign(1/2 - 2^-25, x)): the largest float below a half lets no neighbour of a tie
/// reach the next integer, while ties do.
inline I32 round_away(F32 x) {
  const __m256 sign = _mm256_and_ps(x, _mm256_set1_ps(-0.0F));
  const __m256 half = _mm256_or_ps(sign, _mm256_castsi256_ps(_mm256_set1_epi32(0x3EFFFFFF)));
  return _mm256_cvttps_epi32(_mm256_add_ps(x, half));
}

/// Lane i of the result: the sum of the lanes of x[i].
inline I32 add_lanes(const I32* x) {
  const I32 low = _mm256_hadd_epi32(_mm256_hadd_epi32(x[0], x[1]), _mm256_hadd_epi32(x[2], x[3]));
  const I32 high = _mm256_hadd_epi32(_mm256_hadd_epi32(x[4], x[5]), _mm256_hadd_epi32(x[6], x[7]));
  return _mm256_add_epi32(_mm256_permute2x128_si256(low, high, 0x20),
                          _mm256_permute2x128_si256(low, high, 0x31));
}

inline I16 load_s8_as_i16(const std::int8_t* p) {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

inline I16 load_i16(const std::int16_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

inline void store_i16(std::int16_t* p, I16 x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), x);
}

inline I16 broadcast_i16(std::int16_t x) {
  return _mm256_set1_epi16(x);
}

inline I16 add_i16(I16 a, I16 b) {
  return _mm256_add_epi16(a, b);
}

inline I16 sub_i16(I16 a, I16 b) {
  return _mm256_sub_epi16(a, b);
}

inline I16 mix_i16(I16 a, I16 wa, I16 b, I16 wb) {
  return _mm256_add_epi16(_mm256_mullo_epi16(a, wa), _mm256_mullo_epi16(b, wb));
}

inline I32 low_half(I16 x) {
  return _mm256_cvtepi16_epi32(_mm256_castsi256_si128(x));
}

inline I32 high_half(I16 x) {
  return _mm256_cvtepi16_epi32(_mm256_extracti128_si256(x, 1));
}

struct Pairs {
  I32 low;
  I32 high;
};

inline Pairs interleave(I16 a, I16 b) {
  return {_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b)};
}

inline I16 and_i16(I16 a, I16 b) {
  return _mm256_and_si256(a, b);
}

inline I16 clamp_i16(I16 x, I16 lo, I16 hi) {
  return _mm256_min_epi16(_mm256_max_epi16(x, lo), hi);
}

inline I16 shift_right_i16(I16 x, int bits) {
  return _mm256_sra_epi16(x, _mm_cvtsi32_si128(bits));
}

inline Pairs widen(I16 x) {
  const I16 sign = _mm256_srai_epi16(x, 15);
  return {_mm256_unpacklo_epi16(x, sign), _mm256_unpackhi_epi16(x, sign)};
}

inline I16 narrow_pairs(Pairs x) {
  return _mm256_packs_epi32(x.low, x.high);
}

inline void store_i16_as_s8(std::int8_t* p, I16 x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                   _mm_packs_epi16(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1)));
}

inline Pairs in_order(Pairs x) {
  return {_mm256_permute2x128_si256(x.low, x.high, 0x20),
          _mm256_permute2x128_si256(x.low, x.high, 0x31)};
}

inline I32 dot16(I32 sum, I32 pairs, I32 weights) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, weights));
}

template <int kBits>
MTMI_INLINE I32 shift_right(I32 x) {
  return _mm256_srai_epi32(x, kBits);
}

inline I32 mul_32(I32 a, I32 b) {
  return _mm256_mullo_epi32(a, b);
}

inline F32 div(F32 a, F32 b) {
  return _mm256_div_ps(a, b);
}

inline F32 zero_nan(F32 x) {
  return _mm256_and_ps(x, _mm256_cmp_ps(x, x, _CMP_ORD_Q));
}

/// The first n lanes.
inline __m256i first(std::int64_t n) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), lanes);
}

inline F32 load_f32_partial(const float* p, std::int64_t n) {
  return _mm256_maskload_ps(p, first(n));
}

inline void store_f32_partial(float* p, F32 x, std::int64_t n) {
  _mm256_maskstore_ps(p, first(n), x);
}

inline F32 load_half_partial(const std::uint16_t* p, std::int64_t n) {
  std::uint16_t halfs[kLanes] = {};
  std::memcpy(halfs, p, static_cast<std::size_t>(n) * sizeof(std::uint16_t));
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(halfs)));
}

using I8 = __m256i;
inline constexpr int kLanes8 = 32;

inline I8 broadcast_i8(std::int8_t x) {
  return _mm256_set1_epi8(x);
}

inline I8 load_i8(const std::int8_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

inline I8 load_i8_partial(const std::int8_t* p, std::int64_t n) {
  std::int8_t bytes[kLanes8] = {};
  std::memcpy(bytes, p, static_cast<std::size_t>(n));
  return load_i8(bytes);
}

inline void store_i8(std::int8_t* p, I8 x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), x);
}

inline void store_i8_partial(std::int8_t* p, I8 x, std::int64_t n) {
  std::int8_t bytes[kLanes8];
  store_i8(bytes, x);
  std::memcpy(p, bytes, static_cast<std::size_t>(n));
}

inline I8 max_i8(I8 a, I8 b) {
  return _mm256_max_epi8(a, b);
}

inline void look_up_bytes(std::int8_t* dst,
                          const std::int8_t* src,
                          std::int64_t n,
                          const std::int8_t* table) {
  for (std::int64_t i = 0; i < n; ++i) {
    dst[i] = table[src[i] + 128];
  }
}

using PanelElement = std::int16_t;
inline constexpr int kStep = 2;
inline constexpr PanelElement kPanelZero = 0;
inline constexpr int kTileVectors = 2;
inline constexpr int kTileRows[kTileVectors + 1] = {0, 6, 6};

inline I32 dot(I32 sum, I32 x, I32 weights) {
  return dot16(sum, x, weights);
}

inline void to_panel(PanelElement* dst, const std::int8_t* src, std::int64_t n) {
  for (; n >= kLanes16; n -= kLanes16, dst += kLanes16, src += kLanes16) {
    store_i16(dst, load_s8_as_i16(src));
  }
  for (std::int64_t i = 0; i < n; ++i) {
    dst[i] = src[i];
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
