#include "mtmi/vision/colormap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace mtmi::vision {
namespace {

// Evenly spaced supports, linear between. Viridis is by Smith and van der Walt (CC0), turbo follows
// the one by Mikhailov (2019).
constexpr std::array<Color, 9> kViridis = {{{68, 1, 84},
                                            {71, 44, 122},
                                            {59, 81, 139},
                                            {44, 113, 142},
                                            {33, 144, 141},
                                            {39, 173, 129},
                                            {92, 200, 99},
                                            {170, 220, 50},
                                            {253, 231, 37}}};
constexpr std::array<Color, 11> kTurbo = {{{48, 18, 59},
                                           {68, 85, 196},
                                           {64, 145, 254},
                                           {31, 200, 222},
                                           {44, 239, 158},
                                           {127, 254, 88},
                                           {194, 241, 52},
                                           {243, 199, 58},
                                           {254, 134, 37},
                                           {224, 66, 13},
                                           {122, 4, 3}}};

Color between(std::span<const Color> supports, float t) {
  const float at = t * static_cast<float>(supports.size() - 1);
  const std::size_t i = std::min(static_cast<std::size_t>(at), supports.size() - 2);
  return mix(supports[i], supports[i + 1], at - static_cast<float>(i));
}

// Three trapezoids of slope 4 around 1/4, 1/2 and 3/4.
Color jet(float t) {
  const auto channel = [t](float centre) {
    const float value = std::clamp(1.5F - 4.0F * std::abs(t - centre), 0.0F, 1.0F);
    return static_cast<std::uint8_t>(value * 255.0F + 0.5F);
  };
  return {channel(0.75F), channel(0.5F), channel(0.25F)};
}

}  // namespace

Color color_at(ColorMap map, float t) noexcept {
  const float inside = t > 0.0F ? std::min(t, 1.0F) : 0.0F;
  switch (map) {
    case ColorMap::Jet:
      return jet(inside);
    case ColorMap::Viridis:
      return between(kViridis, inside);
    case ColorMap::Turbo:
      break;
  }
  return between(kTurbo, inside);
}

}  // namespace mtmi::vision
