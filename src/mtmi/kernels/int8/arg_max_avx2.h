// The first of the largest of a row of bytes, by AVX2.
#pragma once

#include <cstdint>
#include <cstring>

#include <immintrin.h>

namespace mtmi::kernels::int8::MTMI_ISA {

/// The least of 256 bits of (127 - value, index) in 16 bits each.
inline unsigned least_key(__m256i values, __m256i indices) {
  const __m256i keys = _mm256_xor_si256(values, _mm256_set1_epi8(0x7F));
  const __m256i least =
      _mm256_min_epu16(_mm256_unpacklo_epi8(indices, keys), _mm256_unpackhi_epi8(indices, keys));
  const __m128i half =
      _mm_min_epu16(_mm256_castsi256_si128(least), _mm256_extracti128_si256(least, 1));
  return static_cast<unsigned>(_mm_cvtsi128_si32(_mm_minpos_epu16(half))) & 0xFFFFU;
}

/// The index of the largest, the first of equal ones.
inline std::int32_t first_largest(const std::int8_t* p, std::int64_t n) {
  constexpr std::int64_t kBytes = 32;
  const __m256i indices = _mm256_setr_epi8(0,
                                           1,
                                           2,
                                           3,
                                           4,
                                           5,
                                           6,
                                           7,
                                           8,
                                           9,
                                           10,
                                           11,
                                           12,
                                           13,
                                           14,
                                           15,
                                           16,
                                           17,
                                           18,
                                           19,
                                           20,
                                           21,
                                           22,
                                           23,
                                           24,
                                           25,
                                           26,
                                           27,
                                           28,
                                           29,
                                           30,
                                           31);
  unsigned best = 0x10000;
  std::int64_t best_index = 0;
  for (std::int64_t i = 0; i < n; i += kBytes) {
    __m256i values = _mm256_set1_epi8(-128);  // behind the last: loses against all before it
    if (n - i >= kBytes) {
      values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + i));
    } else {
      alignas(32) std::int8_t bytes[kBytes];
      _mm256_store_si256(reinterpret_cast<__m256i*>(bytes), values);
      std::memcpy(bytes, p + i, static_cast<std::size_t>(n - i));
      values = _mm256_load_si256(reinterpret_cast<const __m256i*>(bytes));
    }
    const unsigned key = least_key(values, indices);
    if ((key & 0xFF00U) < (best & 0x1FF00U)) {
      best = key;
      best_index = i + static_cast<std::int64_t>(key & 0xFFU);
    }
  }
  return static_cast<std::int32_t>(best_index);
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
