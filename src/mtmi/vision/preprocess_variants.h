// Private to vision/: the variants that preprocess() picks from, named so that tests reach each.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mtmi/core/cpu_features.h"
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
  Isa isa;
  PreprocessFn run;
};

/// Fastest first; the reference is last and runs everywhere.
[[nodiscard]] std::span<const PreprocessVariant> preprocess_variants();

void preprocess_ref(const PreprocessJob& job);
#if defined(__x86_64__)
void preprocess_avx2(const PreprocessJob& job);
#endif

}  // namespace mtmi::vision
