#include "mtmi/vision/draw.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::vision {
namespace {

TEST(Draw, RectanglesAreCutOffAtTheBorder) {
  Image image(4, 4);
  fill_rect(image, {.y = -5, .x = 2, .height = 7, .width = 100}, {255, 255, 255});
  EXPECT_THAT(image.row(0), testing::ElementsAre(0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255));
  EXPECT_EQ(image.pixel(1, 3)[0], 255);
  EXPECT_EQ(image.pixel(2, 3)[0], 0);
  fill_rect(image, {.y = 90, .x = -90, .height = 3, .width = 3}, {9, 9, 9});
}

TEST(Draw, AlphaBlends) {
  Image image(1, 1, 100);
  fill_rect(image, {.y = 0, .x = 0, .height = 1, .width = 1}, {200, 100, 0}, 0.5F);
  EXPECT_THAT(image.data(), testing::ElementsAre(150, 100, 50));
}

TEST(Draw, AFrameLeavesTheInside) {
  Image image(3, 3);
  draw_frame(image, {.y = 0, .x = 0, .height = 3, .width = 3}, {7, 7, 7});
  EXPECT_EQ(image.pixel(1, 1)[0], 0);
  EXPECT_EQ(image.pixel(2, 1)[0], 7);
}

TEST(Draw, PastingBeyondAnyBorderKeepsTheOverlap) {
  const Image src(2, 2, 9);
  for (const auto& [y, x] : {std::pair{-1, -1}, {2, 2}, {-1, 2}, {2, -1}}) {
    Image dst(3, 3);
    paste(dst, y, x, src);
    EXPECT_EQ(std::count(dst.data().begin(), dst.data().end(), 9), 3);
  }
  Image dst(3, 3);
  paste(dst, -7, 50, src);
  EXPECT_THAT(dst.data(), testing::Each(0));
}

}  // namespace
}  // namespace mtmi::vision
