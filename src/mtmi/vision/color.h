// A colour and how two of them mix.
#pragma once

#include <cstdint>

namespace mtmi::vision {

/// sRGB, 8 bits a channel.
struct Color {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;

  bool operator==(const Color&) const = default;
};

/// a + (b - a) * t per channel, rounded. Pre: 0 <= t <= 1.
[[nodiscard]] constexpr Color mix(Color a, Color b, float t) noexcept {
  const auto channel = [t](std::uint8_t from, std::uint8_t to) {
    const auto f = static_cast<float>(from);
    return static_cast<std::uint8_t>(f + (static_cast<float>(to) - f) * t + 0.5F);
  };
  return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b)};
}

}  // namespace mtmi::vision
