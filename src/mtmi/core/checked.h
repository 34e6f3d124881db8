// Arithmetic on sizes that come from files: it fails with a sentence, never by overflow.
#pragma once

#include <cstdint>

namespace mtmi {

/// a + b. Throws Error(InvalidModel) if the sum does not fit into 64 bits.
[[nodiscard]] std::int64_t checked_add(std::int64_t a, std::int64_t b);

/// a - b. Throws Error(InvalidModel) if the difference does not fit into 64 bits.
[[nodiscard]] std::int64_t checked_sub(std::int64_t a, std::int64_t b);

/// a * b. Throws Error(InvalidModel) if the product does not fit into 64 bits.
[[nodiscard]] std::int64_t checked_mul(std::int64_t a, std::int64_t b);

/// floor(a / b). Pre: b > 0.
[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// ceil(a / b). Pre: b > 0.
[[nodiscard]] constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) noexcept {
  return a / b + (a % b > 0 ? 1 : 0);
}

}  // namespace mtmi
