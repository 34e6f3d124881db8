// Transposition of 16 by 16 bytes in the baseline of x86-64.
#pragma once

#include <cstdint>

#include <emmintrin.h>

namespace mtmi::kernels::int8::MTMI_ISA {

/// dst[j][i] = src[i][j]; both [16][16], aligned to 16.
inline void transpose_16x16(const std::int8_t* src, std::int8_t* dst) {
  __m128i a[16];
  __m128i b[16];
  for (int i = 0; i < 16; ++i) {
    a[i] = _mm_load_si128(reinterpret_cast<const __m128i*>(src) + i);
  }
  // Each round interleaves row i with row i + 8: after four, index bits have changed places.
  const auto interleave_rows = [](const __m128i* from, __m128i* to) {
    for (int i = 0; i < 8; ++i) {
      to[2 * i] = _mm_unpacklo_epi8(from[i], from[i + 8]);
      to[2 * i + 1] = _mm_unpackhi_epi8(from[i], from[i + 8]);
    }
  };
  interleave_rows(a, b);
  interleave_rows(b, a);
  interleave_rows(a, b);
  interleave_rows(b, a);
  for (int i = 0; i < 16; ++i) {
    _mm_store_si128(reinterpret_cast<__m128i*>(dst) + i, a[i]);
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
