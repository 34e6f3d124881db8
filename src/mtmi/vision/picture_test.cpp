#include "mtmi/vision/picture.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/vision/draw.h"

namespace mtmi::vision {
namespace {

int count(const Image& image, Color color) {
  int found = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      found += color_of(image, y, x) == color ? 1 : 0;
    }
  }
  return found;
}

SegmentationPanel road_and_sky() {
  SegmentationPanel panel{.labels = Gray8Image(64, 128), .palette = cityscapes_palette()};
  std::fill_n(panel.labels.data().begin(), 32 * 128, std::uint8_t{10});
  panel.opacity = 1.0F;
  return panel;
}

TEST(Picture, LabelsTakeTheColoursOfThePaletteAndOthersAreDark) {
  Gray8Image labels(1, 3);
  labels.data()[1] = 18;
  labels.data()[2] = kIgnoreLabel;
  const Image image = color_labels(labels, cityscapes_palette());
  EXPECT_EQ(color_of(image, 0, 0), (Color{128, 64, 128}));
  EXPECT_EQ(color_of(image, 0, 1), (Color{119, 11, 32}));
  EXPECT_LT(color_of(image, 0, 2).r, 40);
}

TEST(Picture, DepthOutsideOfTheScaleTakesItsEndsAndNoDepthIsDark) {
  DepthPanel panel{.metres = FloatImage(1, 5), .map = ColorMap::Jet};
  std::ranges::copy(std::to_array({0.5F, 2.0F, 80.0F, 500.0F, 0.0F}), panel.metres.data().begin());
  const Image image = color_depth(panel);
  EXPECT_EQ(color_of(image, 0, 0), color_at(ColorMap::Jet, 1.0F));
  EXPECT_EQ(color_of(image, 0, 1), color_at(ColorMap::Jet, 1.0F));
  EXPECT_EQ(color_of(image, 0, 2), color_at(ColorMap::Jet, 0.0F));
  EXPECT_EQ(color_of(image, 0, 3), color_at(ColorMap::Jet, 0.0F));
  EXPECT_LT(color_of(image, 0, 4).g, 40);
  EXPECT_LT(color_of(image, 0, 4).b, 40);
}

TEST(Picture, TheLegendNamesOnlyTheClassesThatArePresent) {
  const Panel panel = road_and_sky();
  const Image figure = compose_figure(Image(64, 128), std::vector{panel}, {.panel_width = 128});
  const Color road = cityscapes_palette()[0].color;
  const Color car = cityscapes_palette()[13].color;
  EXPECT_GT(count(figure, road), 128 * 31 + 30);  // the panel and the swatch
  EXPECT_EQ(count(figure, car), 0);
}

TEST(Picture, AnyNumberOfHeadsOfAnySizeHasItsPlace) {
  const Image input(30, 50, 80);
  std::vector<Panel> panels;
  for (int i = 0; i < 6; ++i) {
    const Image figure = compose_figure(input, panels, {.panel_width = 100});
    const int columns = std::min(4, i + 1);
    EXPECT_GE(figure.width(), columns * 100);
    EXPECT_GE(figure.height(), (i / 4 + 1) * 60);
    panels.emplace_back(HeatPanel{.title = "heat", .values = FloatImage(i + 1, 3, 1.0F)});
  }
}

TEST(Picture, HeatMapsOfNothingFiniteAreDrawn) {
  HeatPanel panel{.title = "none", .values = FloatImage(2, 2)};
  for (const float value :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 3.0e38F}) {
    std::ranges::fill(panel.values.data(), value);
    EXPECT_FALSE(compose_figure(Image(8, 8), std::vector<Panel>{panel}).empty());
  }
}

}  // namespace
}  // namespace mtmi::vision
