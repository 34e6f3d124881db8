#include "mtmi/vision/preprocess.h"

#include <algorithm>

#include "mtmi/core/assert.h"
#include "mtmi/vision/preprocess_variants.h"

namespace mtmi::vision {

std::span<const PreprocessVariant> preprocess_variants() {
  static constexpr PreprocessVariant kVariants[] = {
#if defined(__x86_64__)
    {Isa::Avx2, &preprocess_avx2},
#endif
    {Isa::Generic, &preprocess_ref},
  };
  return kVariants;
}

void preprocess_ref(const PreprocessJob& job) {
  for (std::size_t i = 0; i < job.count; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const auto value = static_cast<float>(job.src[3 * i + c]);
      job.planes[c][i] = (value * job.scale - job.mean[c]) / job.std[c];
    }
  }
}

void preprocess(const Image& src, const Preprocessing& p, std::span<float> dst) {
  MTMI_ASSERT(dst.size() == src.data().size());
  static const PreprocessFn best = [] {
    const auto all = preprocess_variants();
    return std::find_if(all.begin(), all.end(), [](const auto& v) { return v.isa <= best_isa(); })
        ->run;
  }();
  const std::size_t count = dst.size() / 3;
  PreprocessJob job{.src = src.data().data(),
                    .count = count,
                    .planes = {dst.data(), dst.data() + count, dst.data() + 2 * count},
                    .mean = p.mean,
                    .std = p.std,
                    .scale = p.scale};
  if (p.color_order == ColorOrder::Bgr) {
    std::swap(job.planes[0], job.planes[2]);
    std::swap(job.mean[0], job.mean[2]);
    std::swap(job.std[0], job.std[2]);
  }
  best(job);
}

}  // namespace mtmi::vision
