#include "mtmi/vision/palette.h"

#include <algorithm>
#include <cmath>

namespace mtmi::vision {
namespace {

// Hue [turns], saturation and value in 0..1.
Color from_hsv(float hue, float saturation, float value) {
  const auto channel = [&](float offset) {
    const float turns = hue + offset;
    const float ramp = std::abs((turns - std::floor(turns)) * 6.0F - 3.0F) - 1.0F;
    const float pure = std::clamp(ramp, 0.0F, 1.0F);
    const float mixed = value * (1.0F - saturation * (1.0F - pure));
    return static_cast<std::uint8_t>(mixed * 255.0F + 0.5F);
  };
  return {channel(0.0F), channel(2.0F / 3.0F), channel(1.0F / 3.0F)};
}

}  // namespace

const Palette& cityscapes_palette() {
  static const Palette palette = {
      {"road", {128, 64, 128}},
      {"sidewalk", {244, 35, 232}},
      {"building", {70, 70, 70}},
      {"wall", {102, 102, 156}},
      {"fence", {190, 153, 153}},
      {"pole", {153, 153, 153}},
      {"traffic light", {250, 170, 30}},
      {"traffic sign", {220, 220, 0}},
      {"vegetation", {107, 142, 35}},
      {"terrain", {152, 251, 152}},
      {"sky", {70, 130, 180}},
      {"person", {220, 20, 60}},
      {"rider", {255, 0, 0}},
      {"car", {0, 0, 142}},
      {"truck", {0, 0, 70}},
      {"bus", {0, 60, 100}},
      {"train", {0, 80, 100}},
      {"motorcycle", {0, 0, 230}},
      {"bicycle", {119, 11, 32}},
  };
  return palette;
}

Palette generic_palette(int count) {
  constexpr float kGoldenRatio = 0.61803399F;  // hues that stay apart however many there are
  Palette palette;
  for (int i = 0; i < count; ++i) {
    const float turns = 0.58F + kGoldenRatio * static_cast<float>(i);
    const float saturation = i % 2 == 0 ? 0.70F : 0.50F;
    const float value = i % 3 == 0 ? 0.90F : i % 3 == 1 ? 0.70F : 0.55F;
    palette.push_back(
        {"class " + std::to_string(i), from_hsv(turns - std::floor(turns), saturation, value)});
  }
  return palette;
}

Palette default_palette(int count) {
  const Palette& cityscapes = cityscapes_palette();
  return count == static_cast<int>(cityscapes.size()) ? cityscapes : generic_palette(count);
}

}  // namespace mtmi::vision
