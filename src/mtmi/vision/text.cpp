#include "mtmi/vision/text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "mtmi/vision/font.h"

namespace mtmi::vision {
namespace {

struct Point {
  float x;
  float y;
};

struct Segment {
  Point a;
  Point b;
};

using Segments = std::vector<Segment>;

Point middle(Point a, Point b) {
  return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

void add_curve(Segments& segments, Point from, Point control, Point to) {
  constexpr int kPieces = 6;
  Point last = from;
  for (int i = 1; i <= kPieces; ++i) {
    const float t = static_cast<float>(i) / kPieces;
    const float u = 1 - t;
    const Point next{u * u * from.x + 2 * u * t * control.x + t * t * to.x,
                     u * u * from.y + 2 * u * t * control.y + t * t * to.y};
    segments.push_back({last, next});
    last = next;
  }
}

// The strokes of a glyph as segments, `unit` pixels a grid row, the baseline's left end at
// `origin`.
Segments segments_of(const Glyph& glyph, Point origin, float unit) {
  Segments segments;
  Point last{};
  Point control{};
  bool started = false;
  bool curved = false;
  for (std::size_t i = 0; i + 1 < glyph.strokes.size(); i += 2) {
    if (glyph.strokes[i] == ' ') {
      started = false;
      ++i;
    }
    const char row = glyph.strokes[i + 1];
    const bool is_control = row >= 'a';
    const auto rows = static_cast<float>(is_control ? row - 'a' : row - 'A');
    const Point p{origin.x + static_cast<float>(glyph.strokes[i] - '0') * kGridColumn * unit,
                  origin.y + (rows - kGridCapHeight) * unit};
    if (started && curved) {
      const Point end = is_control ? middle(control, p) : p;
      add_curve(segments, last, control, end);
      last = end;
    } else if (started && !is_control) {
      segments.push_back({last, p});
    }
    last = is_control ? last : p;
    control = p;
    curved = is_control;
    started = true;
  }
  return segments;
}

float distance(Point p, const Segment& s) {
  const Point d{s.b.x - s.a.x, s.b.y - s.a.y};
  const Point v{p.x - s.a.x, p.y - s.a.y};
  const float length2 = d.x * d.x + d.y * d.y;
  const float t = length2 > 0 ? std::clamp((v.x * d.x + v.y * d.y) / length2, 0.0F, 1.0F) : 0.0F;
  const Point e{v.x - t * d.x, v.y - t * d.y};
  return std::sqrt(e.x * e.x + e.y * e.y);
}

struct Pen {
  float radius;
  Color color;
};

void draw_segments(Image& image, const Segments& segments, Pen pen, Point low, Point high) {
  const int y_end = std::min(image.height(), static_cast<int>(std::ceil(high.y)));
  const int x_end = std::min(image.width(), static_cast<int>(std::ceil(high.x)));
  for (int y = std::max(0, static_cast<int>(low.y)); y < y_end; ++y) {
    for (int x = std::max(0, static_cast<int>(low.x)); x < x_end; ++x) {
      const Point centre{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F};
      float nearest = pen.radius + 1;
      for (const Segment& s : segments) {
        nearest = std::min(nearest, distance(centre, s));
      }
      const float coverage = std::clamp(pen.radius - nearest + 0.5F, 0.0F, 1.0F);
      std::uint8_t* pixel = image.pixel(y, x);
      const Color mixed = mix({pixel[0], pixel[1], pixel[2]}, pen.color, coverage);
      pixel[0] = mixed.r;
      pixel[1] = mixed.g;
      pixel[2] = mixed.b;
    }
  }
}

float unit_of(const TextStyle& style) {
  return style.cap_height / kGridCapHeight;
}

float advance_of(char c, float unit) {
  return static_cast<float>(glyph_of(c).width + kGridSpacing) * kGridColumn * unit;
}

}  // namespace

int text_width(std::string_view text, const TextStyle& style) {
  float width = 0;
  for (const char c : text) {
    width += advance_of(c, unit_of(style));
  }
  return static_cast<int>(std::ceil(width));
}

void draw_text(Image& image, int y, int x, std::string_view text, const TextStyle& style) {
  const float unit = unit_of(style);
  // A pen under a pixel wide would only be pale.
  const Pen pen{std::max(0.55F, unit * (style.bold ? 0.85F : 0.58F)), style.color};
  // Half a spacing before the first letter, so that words centre well; on pixel centres, so that
  // upright strokes are sharp.
  Point origin{static_cast<float>(x) + unit + 0.5F, static_cast<float>(y) - 0.5F};
  for (const char c : text) {
    const float advance = advance_of(c, unit);
    const Point low{origin.x - 2 * unit - 1, origin.y - 11 * unit};
    const Point high{origin.x + advance + 1, origin.y + 5 * unit};
    draw_segments(image,
                  segments_of(glyph_of(c), {std::floor(origin.x) + 0.5F, origin.y}, unit),
                  pen,
                  low,
                  high);
    origin.x += advance;
  }
}

}  // namespace mtmi::vision
