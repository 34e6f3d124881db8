#include "mtmi/kernels/resize_ref.h"

#include <algorithm>

namespace mtmi::kernels {

void resample_axis_ref(const AxisSplit& split,
                       const AxisTaps& taps,
                       const double* src,
                       double* dst) noexcept {
  for (std::int64_t o = 0; o < split.outer; ++o) {
    const double* const from = src + o * split.extent * split.inner;
    for (std::size_t i = 0; i < taps.offsets.size(); ++i) {
      std::fill_n(dst, split.inner, taps.offsets[i]);
      for (std::int64_t t = taps.first[i]; t < taps.first[i + 1]; ++t) {
        const double weight = taps.weights[static_cast<std::size_t>(t)];
        const double* const line = from + taps.indices[static_cast<std::size_t>(t)] * split.inner;
        for (std::int64_t k = 0; k < split.inner; ++k) {
          dst[k] += weight * line[k];
        }
      }
      dst += split.inner;
    }
  }
}

}  // namespace mtmi::kernels
