#include "mtmi/vision/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "mtmi/core/assert.h"
#include "mtmi/vision/draw.h"
#include "mtmi/vision/fit.h"
#include "mtmi/vision/scale_ticks.h"
#include "mtmi/vision/text.h"

namespace mtmi::vision {
namespace {

constexpr Color kPaper{255, 255, 255};
constexpr Color kInk{34, 38, 46};
constexpr Color kFaint{196, 200, 206};
constexpr Color kNoValue{24, 26, 32};

// All measures of a figure, in pixels, from the panels' width.
struct Layout {
  Layout(const Image& input, const FigureStyle& style, int panels)
      : width(style.panel_width),
        height(std::max(1,
                        static_cast<int>(std::lround(static_cast<double>(input.height()) * width /
                                                     input.width())))),
        unit(std::max(0.75F, static_cast<float>(width) / 640.0F)),
        columns(style.panels_per_row > 0 ? std::min(style.panels_per_row, panels)
                                         : std::min(panels, 4)),
        rows((panels + columns - 1) / columns) {}

  [[nodiscard]] int px(float units) const { return static_cast<int>(std::lround(units * unit)); }

  [[nodiscard]] int margin() const { return px(18); }

  [[nodiscard]] int gap() const { return px(16); }

  [[nodiscard]] int title_height() const { return px(36); }

  [[nodiscard]] TextStyle title_style() const {
    return {.cap_height = 16 * unit, .color = kInk, .bold = true};
  }

  [[nodiscard]] TextStyle label_style() const {
    return {.cap_height = 12.5F * unit, .color = kInk};
  }

  int width;
  int height;
  float unit;
  int columns;
  int rows;
};

// Position of a value between the ends of its scale, 0..1 if inside.
struct Scale {
  float low;
  float high;
  bool logarithmic = false;

  [[nodiscard]] float position(float value) const {
    return logarithmic ? std::log(value / low) / std::log(high / low)
                       : (value - low) / (high - low);
  }
};

template <class T>
T nearest(const Raster<T, 1>& src, int y, int x, int height, int width) {
  const auto sy = static_cast<int>((std::int64_t{2} * y + 1) * src.height() / (2 * height));
  const auto sx = static_cast<int>((std::int64_t{2} * x + 1) * src.width() / (2 * width));
  return *src.pixel(sy, sx);
}

Color label_color(std::uint8_t label, const Palette& palette) {
  return label < palette.size() ? palette[label].color : kNoValue;
}

Scale scale_of(const DepthPanel& panel) {
  return {panel.near, panel.far, panel.logarithmic};
}

// The colour at `t` of the way from near to far.
Color depth_color_at(const DepthPanel& panel, float t) {
  return color_at(panel.map, panel.near_is_warm ? 1 - t : t);
}

Color depth_color(const DepthPanel& panel, float metres) {
  const float clamped = std::clamp(metres, panel.near, panel.far);
  return metres > 0 ? depth_color_at(panel, scale_of(panel).position(clamped)) : kNoValue;
}

// Ends that are given, or those of the finite values; never equal.
Scale scale_of(const HeatPanel& panel) {
  std::optional<float> low;
  std::optional<float> high;
  for (const float value : panel.values.data()) {
    if (std::isfinite(value)) {
      low = std::min(value, low.value_or(value));
      high = std::max(value, high.value_or(value));
    }
  }
  Scale scale{std::isnan(panel.low) ? low.value_or(0) : panel.low,
              std::isnan(panel.high) ? high.value_or(1) : panel.high};
  if (!(scale.low < scale.high)) {
    const float width = std::max(1e-6F, std::abs(scale.low) * 1e-3F);
    scale = {scale.low - width, scale.low + width};
  }
  return scale;
}

// A dark line where two classes meet keeps small things apart from what they stand before.
bool is_outline(const Gray8Image& labels, int y, int x, int height, int width) {
  const std::uint8_t here = nearest(labels, y, x, height, width);
  return (x + 1 < width && nearest(labels, y, x + 1, height, width) != here) ||
         (y + 1 < height && nearest(labels, y + 1, x, height, width) != here);
}

Image draw_map(const SegmentationPanel& panel, const Image& input) {
  Image map(input.height(), input.width());
  for (int y = 0; y < map.height(); ++y) {
    for (int x = 0; x < map.width(); ++x) {
      const std::uint8_t label = nearest(panel.labels, y, x, map.height(), map.width());
      const Color below = color_of(input, y, x);
      // Over gray, so that the colours are the palette's.
      const auto gray = static_cast<std::uint8_t>((2 * below.r + 5 * below.g + below.b) / 8);
      Color color = mix({gray, gray, gray}, label_color(label, panel.palette), panel.opacity);
      if (is_outline(panel.labels, y, x, map.height(), map.width())) {
        color = mix(color, kInk, 0.45F);
      }
      set_color(map, y, x, color);
    }
  }
  return map;
}

template <class ColorOf>
Image draw_values(const FloatImage& values, int height, int width, const ColorOf& color_of_value) {
  Image map(height, width);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      set_color(map, y, x, color_of_value(nearest(values, y, x, height, width)));
    }
  }
  return map;
}

Image draw_map(const DepthPanel& panel, const Image& input) {
  return draw_values(panel.metres, input.height(), input.width(), [&](float metres) {
    return depth_color(panel, metres);
  });
}

Image draw_map(const HeatPanel& panel, const Image& input) {
  const Scale scale = scale_of(panel);
  return draw_values(panel.values, input.height(), input.width(), [&](float value) {
    return std::isnan(value) ? kNoValue : color_at(panel.map, scale.position(value));
  });
}

// The classes that are present, the largest first.
std::vector<std::size_t> classes_present(const SegmentationPanel& panel) {
  std::array<std::int64_t, 256> area{};
  for (const std::uint8_t label : panel.labels.data()) {
    ++area[label];
  }
  std::vector<std::size_t> present;
  for (std::size_t id = 0; id < std::min<std::size_t>(256, panel.palette.size()); ++id) {
    if (area[id] > 0) {
      present.push_back(id);
    }
  }
  std::stable_sort(
      present.begin(), present.end(), [&](auto a, auto b) { return area[a] > area[b]; });
  return present;
}

// Draws the legend of `panel` with its top left corner at (y, x), or only measures it where
// `figure` is null. Returns its height.
int draw_legend(const SegmentationPanel& panel, const Layout& layout, Image* figure, int y, int x) {
  const TextStyle style = layout.label_style();
  const int swatch = layout.px(17);
  const int line = layout.px(28);
  int left = x;
  int top = y;
  for (const std::size_t id : classes_present(panel)) {
    const LabelClass& entry = panel.palette[id];
    const int width = swatch + layout.px(3) + text_width(entry.name, style) + layout.px(12);
    if (left > x && left + width - layout.px(12) > x + layout.width) {
      left = x;
      top += line;
    }
    if (figure != nullptr) {
      const Rect box{.y = top, .x = left, .height = swatch, .width = swatch};
      fill_rect(*figure, box, entry.color);
      draw_frame(*figure, box, mix(entry.color, kInk, 0.4F));
      draw_text(*figure, top + layout.px(15), left + swatch + layout.px(3), entry.name, style);
    }
    left += width;
  }
  return top + line - y;
}

struct Tick {
  float position;
  std::string text;
};

// A horizontal bar of colours with labelled ticks; measures only where `figure` is null.
template <class ColorAt>
int draw_scale(const std::vector<Tick>& ticks,
               const Layout& layout,
               Image* figure,
               int y,
               int x,
               const ColorAt& color_at_position) {
  const int bar = layout.px(16);
  if (figure != nullptr) {
    for (int i = 0; i < layout.width; ++i) {
      const float position = static_cast<float>(i) / static_cast<float>(layout.width - 1);
      fill_rect(
          *figure, {.y = y, .x = x + i, .height = bar, .width = 1}, color_at_position(position));
    }
    draw_frame(*figure, {.y = y, .x = x, .height = bar, .width = layout.width}, kFaint);
    const TextStyle style = layout.label_style();
    int free_from = x - layout.gap();
    for (const Tick& tick : ticks) {
      const int centre =
          x + static_cast<int>(std::lround(tick.position * static_cast<float>(layout.width - 1)));
      const int width = text_width(tick.text, style);
      const int left = std::clamp(centre - width / 2, x, x + layout.width - width);
      if (left < free_from) {
        continue;  // no room: a tick without its number would say nothing
      }
      fill_rect(*figure, {.y = y + bar, .x = centre, .height = layout.px(4), .width = 1}, kInk);
      draw_text(*figure, y + bar + layout.px(21), left, tick.text, style);
      free_from = left + width + layout.px(4);
    }
  }
  return bar + layout.px(28);
}

std::vector<Tick> ticks_of(const Scale& scale, const std::string& unit) {
  const auto values =
      scale.logarithmic ? log_ticks(scale.low, scale.high) : linear_ticks(scale.low, scale.high, 5);
  std::vector<Tick> ticks;
  for (const float value : values) {
    ticks.push_back({scale.position(value), tick_text(value) + (unit.empty() ? "" : " " + unit)});
  }
  return ticks;
}

int draw_legend(const DepthPanel& panel, const Layout& layout, Image* figure, int y, int x) {
  std::vector<Tick> ticks = ticks_of(scale_of(panel), "m");
  // The far end always has its number; drawn first, it has the room.
  ticks.erase(std::remove_if(ticks.begin(), ticks.end(), [](auto& t) { return t.position > 0.9F; }),
              ticks.end());
  ticks.push_back({1.0F, tick_text(panel.far) + " m"});
  return draw_scale(ticks, layout, figure, y, x, [&](float t) { return depth_color_at(panel, t); });
}

int draw_legend(const HeatPanel& panel, const Layout& layout, Image* figure, int y, int x) {
  return draw_scale(ticks_of(scale_of(panel), panel.unit), layout, figure, y, x, [&](float t) {
    return color_at(panel.map, t);
  });
}

int legend_height(const Panel& panel, const Layout& layout) {
  return std::visit([&](const auto& p) { return draw_legend(p, layout, nullptr, 0, 0); }, panel);
}

void draw_panel(Image& figure,
                const Layout& layout,
                int y,
                int x,
                const std::string& title,
                const Image& content) {
  draw_text(figure, y + layout.px(23), x - layout.px(2), title, layout.title_style());
  paste(figure, y + layout.title_height(), x, content);
}

// Panel i of a figure stands at (y, x); panel 0 is the input.
struct Grid {
  Grid(const Layout& of, std::span<const Panel> panels) : layout(of) {
    std::vector<int> legends(static_cast<std::size_t>(layout.rows), 0);
    for (std::size_t i = 0; i < panels.size(); ++i) {
      int& legend = legends[(i + 1) / static_cast<std::size_t>(layout.columns)];
      legend = std::max(legend, legend_height(panels[i], layout));
    }
    int y = layout.margin() - layout.px(6);
    for (const int legend : legends) {
      tops.push_back(y);
      y += layout.title_height() + layout.height + layout.px(10) + legend + layout.px(8);
    }
    height = y + layout.px(4);
    width =
        2 * layout.margin() + layout.columns * layout.width + (layout.columns - 1) * layout.gap();
  }

  [[nodiscard]] int top(std::size_t i) const {
    return tops[i / static_cast<std::size_t>(layout.columns)];
  }

  [[nodiscard]] int left(std::size_t i) const {
    const auto column = static_cast<int>(i % static_cast<std::size_t>(layout.columns));
    return layout.margin() + column * (layout.width + layout.gap());
  }

  const Layout& layout;
  std::vector<int> tops;
  int height = 0;
  int width = 0;
};

}  // namespace

Image color_labels(const Gray8Image& labels, const Palette& palette) {
  Image image(labels.height(), labels.width());
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      set_color(image, y, x, label_color(*labels.pixel(y, x), palette));
    }
  }
  return image;
}

Image color_depth(const DepthPanel& panel) {
  return draw_values(panel.metres, panel.metres.height(), panel.metres.width(), [&](float metres) {
    return depth_color(panel, metres);
  });
}

Image compose_figure(const Image& input, std::span<const Panel> panels, const FigureStyle& style) {
  MTMI_ASSERT(!input.empty() && style.panel_width >= 64);
  const Layout layout(input, style, static_cast<int>(panels.size()) + 1);
  const Grid grid(layout, panels);
  const Image shown = fit_image(input, layout.height, layout.width, SizePolicy::Stretch);
  Image figure(grid.height, grid.width);
  fill_rect(figure, {.y = 0, .x = 0, .height = grid.height, .width = grid.width}, kPaper);
  draw_panel(figure, layout, grid.top(0), grid.left(0), style.input_title, shown);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const int y = grid.top(i + 1);
    const int x = grid.left(i + 1);
    const int legend_y = y + layout.title_height() + layout.height + layout.px(10);
    std::visit(
        [&](const auto& panel) {
          draw_panel(figure, layout, y, x, panel.title, draw_map(panel, shown));
          draw_legend(panel, layout, &figure, legend_y, x);
        },
        panels[i]);
  }
  return figure;
}

}  // namespace mtmi::vision
