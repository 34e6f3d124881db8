#include "mtmi/vision/colormap.h"

#include <limits>

#include <gtest/gtest.h>

namespace mtmi::vision {
namespace {

TEST(ColorMap, JetRunsFromDarkBlueThroughGreenToDarkRed) {
  EXPECT_EQ(color_at(ColorMap::Jet, 0.0F), (Color{0, 0, 128}));
  EXPECT_EQ(color_at(ColorMap::Jet, 0.5F), (Color{128, 255, 128}));
  EXPECT_EQ(color_at(ColorMap::Jet, 1.0F), (Color{128, 0, 0}));
}

TEST(ColorMap, ValuesOutsideAreClamped) {
  for (const ColorMap map : {ColorMap::Turbo, ColorMap::Jet, ColorMap::Viridis}) {
    EXPECT_EQ(color_at(map, -3.0F), color_at(map, 0.0F));
    EXPECT_EQ(color_at(map, 7.0F), color_at(map, 1.0F));
    EXPECT_EQ(color_at(map, std::numeric_limits<float>::quiet_NaN()), color_at(map, 0.0F));
  }
}

TEST(ColorMap, ViridisGetsBrighterAllTheWay) {
  const auto brightness = [](Color c) { return 2 * c.r + 5 * c.g + c.b; };
  for (int i = 0; i < 100; ++i) {
    const auto at = [i](int step) {
      return color_at(ColorMap::Viridis, static_cast<float>(i + step) / 100.0F);
    };
    EXPECT_LE(brightness(at(0)), brightness(at(1)) + 8) << i;
  }
}

}  // namespace
}  // namespace mtmi::vision
