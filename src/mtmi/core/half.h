// float to and from binary16 and bfloat16, rounding half to even.
#pragma once

#include <bit>
#include <cstdint>

#include "mtmi/dtype.h"

namespace mtmi {

[[nodiscard]] float to_float(Float16 h) noexcept;
[[nodiscard]] Float16 to_float16(float f) noexcept;

[[nodiscard]] inline float to_float(BFloat16 b) noexcept {
  return std::bit_cast<float>(static_cast<std::uint32_t>(b.bits) << 16);
}

[[nodiscard]] BFloat16 to_bfloat16(float f) noexcept;

}  // namespace mtmi
