// Rectangles and images on images. What lies outside of the image is cut off.
#pragma once

#include "mtmi/vision/color.h"
#include "mtmi/vision/fit.h"
#include "mtmi/vision/raster.h"

namespace mtmi::vision {

[[nodiscard]] inline Color color_of(const Image& image, int y, int x) noexcept {
  const std::uint8_t* pixel = image.pixel(y, x);
  return {pixel[0], pixel[1], pixel[2]};
}

inline void set_color(Image& image, int y, int x, Color color) noexcept {
  std::uint8_t* pixel = image.pixel(y, x);
  pixel[0] = color.r;
  pixel[1] = color.g;
  pixel[2] = color.b;
}

/// The part of `rect` that lies inside of an image of height x width; it may be empty.
[[nodiscard]] Rect clip(const Rect& rect, int height, int width) noexcept;

/// Fills `rect`; `alpha` 1 covers, 0 leaves everything as it is.
void fill_rect(Image& image, const Rect& rect, Color color, float alpha = 1.0F);

/// A line of one pixel just inside of `rect`.
void draw_frame(Image& image, const Rect& rect, Color color);

/// Copies `src` to dst with its top left corner at (y, x).
void paste(Image& dst, int y, int x, const Image& src);

}  // namespace mtmi::vision
