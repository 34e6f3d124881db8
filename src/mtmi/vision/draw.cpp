#include "mtmi/vision/draw.h"

#include <algorithm>

namespace mtmi::vision {

Rect clip(const Rect& rect, int height, int width) noexcept {
  const int y = std::clamp(rect.y, 0, height);
  const int x = std::clamp(rect.x, 0, width);
  return {.y = y,
          .x = x,
          .height = std::max(0, std::min(rect.y + rect.height, height) - y),
          .width = std::max(0, std::min(rect.x + rect.width, width) - x)};
}

void fill_rect(Image& image, const Rect& rect, Color color, float alpha) {
  const Rect inside = clip(rect, image.height(), image.width());
  for (int y = inside.y; y < inside.y + inside.height; ++y) {
    for (int x = inside.x; x < inside.x + inside.width; ++x) {
      set_color(image, y, x, mix(color_of(image, y, x), color, alpha));
    }
  }
}

void draw_frame(Image& image, const Rect& rect, Color color) {
  const int bottom = rect.y + rect.height - 1;
  const int right = rect.x + rect.width - 1;
  fill_rect(image, {.y = rect.y, .x = rect.x, .height = 1, .width = rect.width}, color);
  fill_rect(image, {.y = bottom, .x = rect.x, .height = 1, .width = rect.width}, color);
  fill_rect(image, {.y = rect.y, .x = rect.x, .height = rect.height, .width = 1}, color);
  fill_rect(image, {.y = rect.y, .x = right, .height = rect.height, .width = 1}, color);
}

void paste(Image& dst, int y, int x, const Image& src) {
  const Rect inside = clip(
      {.y = y, .x = x, .height = src.height(), .width = src.width()}, dst.height(), dst.width());
  for (int row = inside.y; inside.width > 0 && row < inside.y + inside.height; ++row) {
    const std::uint8_t* from = src.pixel(row - y, inside.x - x);
    std::copy_n(from, 3 * inside.width, dst.pixel(row, inside.x));
  }
}

}  // namespace mtmi::vision
