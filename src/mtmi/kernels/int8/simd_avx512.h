// AVX-512: 16 elements of 32 bits. See simd.h.
#pragma once

#include <cstdint>
#include <cstring>

#include <immintrin.h>

namespace mtmi::kernels::int8::MTMI_ISA {

using I32 = __m512i;
using F32 = __m512;
using I16 = __m512i;
inline constexpr int kLanes = 16;
inline constexpr int kLanes16 = 32;

inline __mmask16 first(std::int64_t n) {
  return static_cast<__mmask16>((1U << static_cast<unsigned>(n)) - 1U);
}

/// Pre: n < 64.
inline __mmask64 first_bytes(std::int64_t n) {
  return (std::uint64_t{1} << static_cast<unsigned>(n)) - 1U;
}

inline I32 load_i32(const std::int32_t* p) {
  return _mm512_loadu_si512(p);
}

inline void store_i32(std::int32_t* p, I32 x) {
  _mm512_storeu_si512(p, x);
}

inline F32 load_f32(const float* p) {
  return _mm512_loadu_ps(p);
}

/// Bytes in panel order: a vector of weights.
inline I32 load_weights(const void* p) {
  return _mm512_loadu_si512(p);
}

inline I32 broadcast32(const void* p) {
  std::int32_t x = 0;  // bytes of a pixel lie anywhere
  std::memcpy(&x, p, sizeof(x));
  return _mm512_set1_epi32(x);
}

inline I32 broadcast_i32(std::int32_t x) {
  return _mm512_set1_epi32(x);
}

inline F32 broadcast_f32(float x) {
  return _mm512_set1_ps(x);
}

/// kLanes bytes, each sign-extended.
inline I32 load_s8(const std::int8_t* p) {
  return _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

inline I32 load_s8_partial(const std::int8_t* p, std::int64_t n) {
  return _mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(first(n), p));
}

/// Pre: every lane is in [-128, 127].
inline void store_s8(std::int8_t* p, I32 x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(x));
}

inline void store_s8_partial(std::int8_t* p, I32 x, std::int64_t n) {
  _mm_mask_storeu_epi8(p, first(n), _mm512_cvtepi32_epi8(x));
}

inline void copy_bytes(std::int8_t* dst, const std::int8_t* src, std::int64_t n) {
  for (; n >= 64; n -= 64, dst += 64, src += 64) {
    _mm512_storeu_si512(dst, _mm512_loadu_si512(src));
  }
  const __mmask64 left = first_bytes(n);
  _mm512_mask_storeu_epi8(dst, left, _mm512_maskz_loadu_epi8(left, src));
}

/// binary16, rounded half to even.
inline void store_half_partial(std::uint16_t* p, F32 x, std::int64_t n) {
  _mm256_mask_storeu_epi16(
      p, first(n), _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}

inline I32 add(I32 a, I32 b) {
  return _mm512_add_epi32(a, b);
}

inline I32 sub(I32 a, I32 b) {
  return _mm512_sub_epi32(a, b);
}

/// Pre: the factors fit 16 bits.
inline I32 mul_small(I32 a, I32 b) {
  return _mm512_mullo_epi32(a, b);
}

inline I32 max(I32 a, I32 b) {
  return _mm512_max_epi32(a, b);
}

inline I32 min(I32 a, I32 b) {
  return _mm512_min_epi32(a, b);
}

inline F32 to_float(I32 x) {
  return _mm512_cvtepi32_ps(x);
}

inline F32 mul(F32 a, F32 b) {
  return _mm512_mul_ps(a, b);
}

inline F32 clamp(F32 x, F32 lo, F32 hi) {
  return _mm512_min_ps(_mm512_max_ps(x, lo), hi);
}

inline F32 select_negative(I32 n, F32 a, F32 b) {
  return _mm512_mask_blend_ps(_mm512_movepi32_mask(n), b, a);
}

inline I32 round_even(F32 x) {
  return _mm512_cvtps_epi32(x);
}

/// trunc(x + copysign(1/2 - 2^-25, x)): the largest float below a half lets no neighbour of a tie
/// reach the next integer, while ties do.
inline I32 round_away(F32 x) {
  // Bits of x's sign, or those of the constant: 0xEA is (a & b) | c.
  const __m512i half = _mm512_ternarylogic_epi32(
      _mm512_castps_si512(x), _mm512_set1_epi32(INT32_MIN), _mm512_set1_epi32(0x3EFFFFFF), 0xEA);
  return _mm512_cvttps_epi32(_mm512_add_ps(x, _mm512_castsi512_ps(half)));
}

/// Lane i of the result: the sum of the lanes of x[i].
inline I32 add_lanes(const I32* x) {
  I32 pairs[8];
  for (int i = 0; i < 8; ++i) {
    pairs[i] = _mm512_add_epi32(_mm512_unpacklo_epi32(x[2 * i], x[2 * i + 1]),
                                _mm512_unpackhi_epi32(x[2 * i], x[2 * i + 1]));
  }
  I32 quads[4];  // each 128 bits: a part of the sums of four
  for (int i = 0; i < 4; ++i) {
    quads[i] = _mm512_add_epi32(_mm512_unpacklo_epi64(pairs[2 * i], pairs[2 * i + 1]),
                                _mm512_unpackhi_epi64(pairs[2 * i], pairs[2 * i + 1]));
  }
  const I32 low = _mm512_add_epi32(_mm512_shuffle_i32x4(quads[0], quads[1], 0x88),
                                   _mm512_shuffle_i32x4(quads[0], quads[1], 0xDD));
  const I32 high = _mm512_add_epi32(_mm512_shuffle_i32x4(quads[2], quads[3], 0x88),
                                    _mm512_shuffle_i32x4(quads[2], quads[3], 0xDD));
  return _mm512_add_epi32(_mm512_shuffle_i32x4(low, high, 0x88),
                          _mm512_shuffle_i32x4(low, high, 0xDD));
}

inline I16 load_s8_as_i16(const std::int8_t* p) {
  return _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}

inline I16 load_i16(const std::int16_t* p) {
  return _mm512_loadu_si512(p);
}

inline void store_i16(std::int16_t* p, I16 x) {
  _mm512_storeu_si512(p, x);
}

inline I16 broadcast_i16(std::int16_t x) {
  return _mm512_set1_epi16(x);
}

inline I16 add_i16(I16 a, I16 b) {
  return _mm512_add_epi16(a, b);
}

inline I16 sub_i16(I16 a, I16 b) {
  return _mm512_sub_epi16(a, b);
}

/// a * wa + b * wb, without overflow.
inline I16 mix_i16(I16 a, I16 wa, I16 b, I16 wb) {
  return _mm512_add_epi16(_mm512_mullo_epi16(a, wa), _mm512_mullo_epi16(b, wb));
}

inline I32 low_half(I16 x) {
  return _mm512_cvtepi16_epi32(_mm512_castsi512_si256(x));
}

inline I32 high_half(I16 x) {
  return _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(x, 1));
}

/// The pairs (a[i], b[i]) of the first and the last half of the lanes.
struct Pairs {
  I32 low;
  I32 high;
};

/// In an order that in_order() undoes.
inline Pairs interleave(I16 a, I16 b) {
  return {_mm512_unpacklo_epi16(a, b), _mm512_unpackhi_epi16(a, b)};
}

inline I16 and_i16(I16 a, I16 b) {
  return _mm512_and_si512(a, b);
}

inline I16 clamp_i16(I16 x, I16 lo, I16 hi) {
  return _mm512_min_epi16(_mm512_max_epi16(x, lo), hi);
}

inline I16 shift_right_i16(I16 x, int bits) {
  return _mm512_sra_epi16(x, _mm_cvtsi32_si128(bits));
}

/// The pairs of lanes that narrow_pairs() brings back, saturated.
inline Pairs widen(I16 x) {
  const I16 sign = _mm512_srai_epi16(x, 15);
  return {_mm512_unpacklo_epi16(x, sign), _mm512_unpackhi_epi16(x, sign)};
}

inline I16 narrow_pairs(Pairs x) {
  return _mm512_packs_epi32(x.low, x.high);
}

/// Pre: every lane is in [-128, 127].
inline void store_i16_as_s8(std::int8_t* p, I16 x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi16_epi8(x));
}

/// The sums of what interleave() gave, by channel.
inline Pairs in_order(Pairs x) {
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  return {_mm512_permutex2var_epi64(x.low, low, x.high),
          _mm512_permutex2var_epi64(x.low, high, x.high)};
}

inline I32 dot16(I32 sum, I32 pairs, I32 weights) {
  return _mm512_add_epi32(sum, _mm512_madd_epi16(pairs, weights));
}

template <int kBits>
MTMI_INLINE I32 shift_right(I32 x) {
  return _mm512_srai_epi32(x, kBits);
}

/// Pre: the product fits 32 bits.
inline I32 mul_32(I32 a, I32 b) {
  return _mm512_mullo_epi32(a, b);
}

inline F32 div(F32 a, F32 b) {
  return _mm512_div_ps(a, b);
}

inline F32 zero_nan(F32 x) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, x, _CMP_ORD_Q), x);
}

inline F32 load_f32_partial(const float* p, std::int64_t n) {
  return _mm512_maskz_loadu_ps(first(n), p);
}

inline void store_f32_partial(float* p, F32 x, std::int64_t n) {
  _mm512_mask_storeu_ps(p, first(n), x);
}

inline F32 load_half_partial(const std::uint16_t* p, std::int64_t n) {
  return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(first(n), p));
}

using I8 = __m512i;
inline constexpr int kLanes8 = 64;

inline I8 broadcast_i8(std::int8_t x) {
  return _mm512_set1_epi8(x);
}

inline I8 load_i8(const std::int8_t* p) {
  return _mm512_loadu_si512(p);
}

/// Pre: n < kLanes8, here and below.
inline I8 load_i8_partial(const std::int8_t* p, std::int64_t n) {
  return _mm512_maskz_loadu_epi8(first_bytes(n), p);
}

inline void store_i8(std::int8_t* p, I8 x) {
  _mm512_storeu_si512(p, x);
}

inline void store_i8_partial(std::int8_t* p, I8 x, std::int64_t n) {
  _mm512_mask_storeu_epi8(p, first_bytes(n), x);
}

inline I8 max_i8(I8 a, I8 b) {
  return _mm512_max_epi8(a, b);
}

/// dst[i] = table[src[i] + 128] of 256 bytes: words of two entries are permuted, then shifted.
inline void look_up_bytes(std::int8_t* dst,
                          const std::int8_t* src,
                          std::int64_t n,
                          const std::int8_t* table) {
  const __m512i a = _mm512_loadu_si512(table);
  const __m512i b = _mm512_loadu_si512(table + 64);
  const __m512i c = _mm512_loadu_si512(table + 128);
  const __m512i d = _mm512_loadu_si512(table + 192);
  for (std::int64_t i = 0; i < n; i += kLanes16) {
    const auto some = static_cast<__mmask32>(n - i < kLanes16 ? first_bytes(n - i) : ~0U);
    const __m256i bytes = _mm256_maskz_loadu_epi8(some, src + i);
    const __m512i index = _mm512_cvtepu8_epi16(_mm256_xor_si256(bytes, _mm256_set1_epi8(-128)));
    const __m512i word = _mm512_srli_epi16(index, 1);
    const __m512i low = _mm512_permutex2var_epi16(a, word, b);  // by the last six bits
    const __m512i high = _mm512_permutex2var_epi16(c, word, d);
    const __m512i pair =
        _mm512_mask_blend_epi16(_mm512_test_epi16_mask(word, _mm512_set1_epi16(64)), low, high);
    const __m512i odd = _mm512_slli_epi16(_mm512_and_si512(index, _mm512_set1_epi16(1)), 3);
    _mm256_mask_storeu_epi8(dst + i, some, _mm512_cvtepi16_epi8(_mm512_srlv_epi16(pair, odd)));
  }
}

#if defined(MTMI_ISA_AMX)
using PanelElement = std::int8_t;
inline constexpr PanelElement kPanelZero = 0;

inline void to_panel(PanelElement* dst, const std::int8_t* src, std::int64_t n) {
  copy_bytes(dst, src, n);
}
#elif defined(__AVX512VNNI__)
using PanelElement = std::uint8_t;
inline constexpr int kStep = 4;
inline constexpr PanelElement kPanelZero = 128;  // bytes are offset: the products want one unsigned
inline constexpr int kTileVectors = 2;
inline constexpr int kTileRows[kTileVectors + 1] = {0, 14, 14};

inline I32 dot(I32 sum, I32 x, I32 weights) {
  return _mm512_dpbusd_epi32(sum, x, weights);
}

inline void to_panel(PanelElement* dst, const std::int8_t* src, std::int64_t n) {
  const __m512i offset = _mm512_set1_epi8(-128);
  for (; n >= 64; n -= 64, dst += 64, src += 64) {
    _mm512_storeu_si512(dst, _mm512_xor_si512(_mm512_loadu_si512(src), offset));
  }
  const __mmask64 left = first_bytes(n);
  _mm512_mask_storeu_epi8(dst, left, _mm512_xor_si512(_mm512_maskz_loadu_epi8(left, src), offset));
}
#else
using PanelElement = std::int16_t;
inline constexpr int kStep = 2;
inline constexpr PanelElement kPanelZero = 0;
inline constexpr int kTileVectors = 2;
inline constexpr int kTileRows[kTileVectors + 1] = {0, 12, 12};

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
#endif

}  // namespace mtmi::kernels::int8::MTMI_ISA
