#include "mtmi/vision/text.h"

#include <gtest/gtest.h>

#include "mtmi/vision/font.h"

namespace mtmi::vision {
namespace {

int ink(const Image& image) {
  int sum = 0;
  for (const std::uint8_t value : image.data()) {
    sum += 255 - value;
  }
  return sum;
}

TEST(Font, EveryGlyphIsWellFormedAndInsideItsWidth) {
  for (char c = ' '; c <= '~'; ++c) {
    const Glyph& glyph = glyph_of(c);
    std::size_t i = 0;
    while (i < glyph.strokes.size()) {
      if (glyph.strokes[i] == ' ') {
        ++i;
      }
      ASSERT_LT(i + 1, glyph.strokes.size()) << c;
      const int column = glyph.strokes[i] - '0';
      const char row = glyph.strokes[i + 1];
      EXPECT_TRUE(column >= 0 && column <= glyph.width) << c;
      EXPECT_TRUE((row >= 'a' && row <= 'm') || (row >= 'A' && row <= 'M')) << c;
      i += 2;
    }
  }
}

TEST(Text, EveryPrintableCharacterLeavesInkOfItsOwn) {
  for (char c = '!'; c <= '~'; ++c) {
    Image image(30, 30, 255);
    draw_text(image, 20, 5, std::string_view(&c, 1), {.cap_height = 12.0F, .color = {}});
    EXPECT_GT(ink(image), 500) << c;
    EXPECT_LT(ink(image), 100000) << c;
  }
}

TEST(Text, CapitalsStandBetweenBaselineAndCapHeight) {
  Image image(40, 40, 255);
  draw_text(image, 30, 10, "H", {.cap_height = 20.0F, .color = {}});
  EXPECT_EQ(ink(image) > 0, true);
  for (int x = 0; x < 40; ++x) {
    EXPECT_EQ(image.pixel(7, x)[0], 255);
    EXPECT_EQ(image.pixel(32, x)[0], 255);
  }
}

TEST(Text, WhatLiesOutsideIsCutOff) {
  Image image(8, 8, 255);
  draw_text(image, 4, -20, "far left and far right of this", {});
  draw_text(image, 400, 400, "below", {});
  draw_text(image, -400, 0, "above", {});
  EXPECT_GT(ink(image), 0);
}

TEST(Text, WidthIsTheSumOfTheCharacters) {
  const TextStyle style{.cap_height = 9.0F / kGridColumn, .color = {}};
  EXPECT_EQ(text_width("H", style), 6 + kGridSpacing);
  EXPECT_EQ(text_width("HI", style), 6 + 0 + 2 * kGridSpacing);
}

}  // namespace
}  // namespace mtmi::vision
