#include "mtmi/kernels/int8/requantize.h"

#include <algorithm>

#include "mtmi/core/half.h"

namespace mtmi::kernels::int8 {

std::uint16_t requantize_half(std::int64_t n, float multiplier) noexcept {
  constexpr float kLargest = 65504.0F;
  return to_float16(std::clamp(static_cast<float>(n) * multiplier, -kLargest, kLargest)).bits;
}

}  // namespace mtmi::kernels::int8
