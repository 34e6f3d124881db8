// Compiled with -mavx2: nothing here may be called unless has_isa(Isa::Avx2).
#if defined(__x86_64__)

#include <immintrin.h>

#include "mtmi/quant/bin_kernels.h"

namespace mtmi::quant {
namespace {

constexpr std::size_t kStep = 16;  // two vectors of 8

__m256i magnitude_bits(const float* x) {
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x));
  return _mm256_and_si256(bits, _mm256_set1_epi32(0x7FFFFFFF));
}

// Where to add for 8 elements.
__m256i slots_of(const float* x, __m256 bins_per_unit, __m256i zero_slots) {
  const __m256i magnitude = magnitude_bits(x);
  const __m256i is_zero = _mm256_cmpeq_epi32(magnitude, _mm256_setzero_si256());
  const __m256 position = _mm256_mul_ps(_mm256_castsi256_ps(magnitude), bins_per_unit);
  return _mm256_blendv_epi8(_mm256_cvttps_epi32(position), zero_slots, is_zero);
}

// Two slots are taken out at a time: loads, not additions, are what there is too little of.
template <int kPair>
void count_pair(__m256i slots, std::uint32_t* counts) {
  const auto pair = static_cast<std::uint64_t>(_mm256_extract_epi64(slots, kPair));
  ++counts[pair & 0xFFFFFFFFU];
  ++counts[pair >> 32];
}

void count_slots(__m256i slots, std::uint32_t* counts) {
  count_pair<0>(slots, counts);
  count_pair<1>(slots, counts);
  count_pair<2>(slots, counts);
  count_pair<3>(slots, counts);
}

}  // namespace

std::uint32_t largest_bits_avx2(const float* x, std::size_t count) {
  __m256i largest0 = _mm256_setzero_si256();
  __m256i largest1 = _mm256_setzero_si256();
  std::size_t i = 0;
  for (; i + kStep <= count; i += kStep) {
    largest0 = _mm256_max_epu32(largest0, magnitude_bits(x + i));
    largest1 = _mm256_max_epu32(largest1, magnitude_bits(x + i + 8));
  }
  alignas(32) std::uint32_t lanes[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), _mm256_max_epu32(largest0, largest1));
  std::uint32_t largest = largest_bits_ref(x + i, count - i);
  for (const std::uint32_t lane : lanes) {
    largest = lane > largest ? lane : largest;
  }
  return largest;
}

void count_bins_avx2(const float* x,
                     std::size_t count,
                     float bins_per_unit,
                     std::uint32_t* counts) {
  constexpr int kZero = static_cast<int>(Histogram::kBins);
  const __m256 factor = _mm256_set1_ps(bins_per_unit);
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i zeros0 = _mm256_add_epi32(lane, _mm256_set1_epi32(kZero));
  const __m256i zeros1 = _mm256_add_epi32(lane, _mm256_set1_epi32(kZero + 8));
  std::size_t i = 0;
  for (; i + kStep <= count; i += kStep) {
    // A prefetch of what lies outside does nothing.
    _mm_prefetch(reinterpret_cast<const char*>(x + i + kLookAhead), _MM_HINT_T1);
    const __m256i slots0 = slots_of(x + i, factor, zeros0);
    const __m256i slots1 = slots_of(x + i + 8, factor, zeros1);
    count_slots(slots0, counts);
    count_slots(slots1, counts);
  }
  count_bins_ref(x + i, count - i, bins_per_unit, counts);
}

}  // namespace mtmi::quant

#endif  // __x86_64__
