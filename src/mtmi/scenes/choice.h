// Random choices.
//
// The order in which a call's arguments are evaluated is the compiler's choice, so no expression
// here or in the other files of this folder may draw twice, but in a braced list.
#pragma once

#include <array>
#include <cstddef>

#include "mtmi/core/random.h"
#include "mtmi/scenes/vec.h"

namespace mtmi::scenes {

[[nodiscard]] inline bool chance(Random& random, float probability) {
  return random.uniform() < probability;
}

template <class T, std::size_t N>
[[nodiscard]] const T& pick(Random& random, const std::array<T, N>& from) {
  return from[random.below(N)];
}

[[nodiscard]] inline std::uint32_t seed_from(Random& random) {
  return static_cast<std::uint32_t>(random.next());
}

/// `color` made lighter or darker, and each channel a little different.
[[nodiscard]] inline Vec3 varied(Random& random, Vec3 color, float amount) {
  const float tone = 1 + amount * random.uniform(-1.0F, 1.0F);
  const Vec3 tint{1 + 0.3F * amount * random.uniform(-1.0F, 1.0F),
                  1 + 0.3F * amount * random.uniform(-1.0F, 1.0F),
                  1 + 0.3F * amount * random.uniform(-1.0F, 1.0F)};
  return color * tint * tone;
}

}  // namespace mtmi::scenes
