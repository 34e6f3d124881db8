// Text on images, in a stroke font of mtmi's own.
#pragma once

#include <string_view>

#include "mtmi/vision/color.h"
#include "mtmi/vision/raster.h"

namespace mtmi::vision {

struct TextStyle {
  float cap_height = 10.0F;  ///< of a capital letter [pixels]; readable from 7 on
  Color color = {30, 30, 30};
  bool bold = false;
};

/// The width of `text` [pixels]. Characters outside of printable ASCII count as '?'.
[[nodiscard]] int text_width(std::string_view text, const TextStyle& style);

/// Draws `text` with its baseline on row `y` and its left edge at column `x`, antialiased; what
/// lies outside of the image is cut off.
void draw_text(Image& image, int y, int x, std::string_view text, const TextStyle& style);

}  // namespace mtmi::vision
