#include "mtmi/kernels/int8/requantize.h"

#include <algorithm>

#include "mtmi/core/half.h"

namespace mtmi::kernels::int8 {

std::uint16_t requantize_half(std::int64_t n, float multiplier) noexcept {
  const float product = static_cast<float>(n) * multiplier;
  return to_float16(std::clamp(product, -kLargestFloat16, kLargestFloat16)).bits;
}

}  // namespace mtmi::kernels::int8
