#include "mtmi/vision/palette.h"

#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace mtmi::vision {
namespace {

TEST(Palette, CityscapesHasItsNineteenClassesInOrder) {
  const Palette& palette = cityscapes_palette();
  ASSERT_EQ(palette.size(), 19U);
  EXPECT_EQ(palette[0], (LabelClass{"road", {128, 64, 128}}));
  EXPECT_EQ(palette[10].name, "sky");
  EXPECT_EQ(palette[18], (LabelClass{"bicycle", {119, 11, 32}}));
}

TEST(Palette, GenericColoursAreDistinct) {
  std::set<std::tuple<int, int, int>> colors;
  for (const LabelClass& c : generic_palette(60)) {
    colors.emplace(c.color.r, c.color.g, c.color.b);
  }
  EXPECT_EQ(colors.size(), 60U);
}

TEST(Palette, NineteenClassesAreTakenForCityscapes) {
  EXPECT_EQ(default_palette(19), cityscapes_palette());
  EXPECT_EQ(default_palette(20)[19].name, "class 19");
}

}  // namespace
}  // namespace mtmi::vision
