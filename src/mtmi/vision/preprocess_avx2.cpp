// Compiled with -mavx2: nothing here may be called unless has_isa(Isa::Avx2).
#if defined(__x86_64__)

#include <immintrin.h>

#include "mtmi/vision/preprocess_variants.h"

namespace mtmi::vision {
namespace {

constexpr std::size_t kPixels = 16;  // per step: 48 bytes in, 3 x 16 floats out

struct Bytes48 {
  __m128i a, b, c;
};

// Channel `kChannel` of 16 interleaved pixels as 16 bytes. Byte i of it is byte 3 * i + kChannel
// of the 48; a negative shuffle index gives 0.
template <int kChannel>
__m128i channel_of(const Bytes48& src) {
  const auto index = [](int part, int i) {
    const int at = 3 * i + kChannel - 16 * part;
    return static_cast<char>(at >= 0 && at < 16 ? at : -1);
  };
  const auto shuffle = [&](__m128i bytes, int part) {
    return _mm_shuffle_epi8(bytes,
                            _mm_setr_epi8(index(part, 0),
                                          index(part, 1),
                                          index(part, 2),
                                          index(part, 3),
                                          index(part, 4),
                                          index(part, 5),
                                          index(part, 6),
                                          index(part, 7),
                                          index(part, 8),
                                          index(part, 9),
                                          index(part, 10),
                                          index(part, 11),
                                          index(part, 12),
                                          index(part, 13),
                                          index(part, 14),
                                          index(part, 15)));
  };
  return _mm_or_si128(_mm_or_si128(shuffle(src.a, 0), shuffle(src.b, 1)), shuffle(src.c, 2));
}

void normalise8(__m128i bytes, __m256 scale, __m256 mean, __m256 std, float* dst) {
  const __m256 value = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
  // A true division, as in the reference: the loop waits for memory, not for it.
  const __m256 centred = _mm256_sub_ps(_mm256_mul_ps(value, scale), mean);
  _mm256_storeu_ps(dst, _mm256_div_ps(centred, std));
}

template <int kChannel>
void normalise16(const Bytes48& src, const PreprocessJob& job, std::size_t at) {
  const __m128i bytes = channel_of<kChannel>(src);
  const __m256 scale = _mm256_set1_ps(job.scale);
  const __m256 mean = _mm256_set1_ps(job.mean[kChannel]);
  const __m256 std = _mm256_set1_ps(job.std[kChannel]);
  float* dst = job.planes[kChannel] + at;
  normalise8(bytes, scale, mean, std, dst);
  normalise8(_mm_srli_si128(bytes, 8), scale, mean, std, dst + 8);
}

}  // namespace

void preprocess_avx2(const PreprocessJob& job) {
  std::size_t i = 0;
  for (; i + kPixels <= job.count; i += kPixels) {
    const auto* at = reinterpret_cast<const __m128i*>(job.src + 3 * i);
    const Bytes48 src{_mm_loadu_si128(at), _mm_loadu_si128(at + 1), _mm_loadu_si128(at + 2)};
    normalise16<0>(src, job, i);
    normalise16<1>(src, job, i);
    normalise16<2>(src, job, i);
  }
  PreprocessJob rest = job;
  rest.src += 3 * i;
  rest.count -= i;
  for (float*& plane : rest.planes) {
    plane += i;
  }
  preprocess_ref(rest);
}

}  // namespace mtmi::vision

#endif  // defined(__x86_64__)
