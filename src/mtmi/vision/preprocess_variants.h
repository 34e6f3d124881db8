// Private to vision/: the variants that preprocess() picks from, named so that tests reach each.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mtmi/vision/preprocess.h"

namespace mtmi::vision {

/// `count` interleaved RGB pixels at `src` to the three planes at planes[0..2], which take the
/// source's red, green and blue.
struct PreprocessJob {
  const std::uint8_t* src;
  std::size_t count;
  std::array<float*, 3> planes;
  std::array<float, 3> mean;
  std::array<float, 3> std;
  float scale;
};

using PreprocessFn = void (*)(const PreprocessJob& job);

struct PreprocessVariant {
  const char* name;
  bool (*is_available)();
  PreprocessFn run;
};

/// Fastest first; the reference is last and always available.
[[nodiscard]] std::span<const PreprocessVariant> preprocess_variants();

void preprocess_ref(const PreprocessJob& job);
#if defined(__x86_64__)
void preprocess_avx2(const PreprocessJob& job);
#endif

}  // namespace mtmi::vision
