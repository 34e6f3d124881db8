#include "mtmi/scenes/raster.h"

#include <algorithm>
#include <limits>

#include "mtmi/core/rounding.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/lane_vec.h"

namespace mtmi::scenes {
namespace {

// Coordinates are cut here: far more than any image, and safe to turn into integers.
constexpr float kFarAway = 1e6F;

constexpr double kNowhere = -1;  // the last sample of a row without samples

Doubles larger(const Doubles& a, const Doubles& b) {
  return select_less(a, b, b, a);
}

Doubles smaller(const Doubles& a, const Doubles& b) {
  return select_less(b, a, b, a);
}

// The nearest whole number, as round_to_even(). Pre: |x| < 2^50, as for the next two.
Doubles nearest_of(const Doubles& x) {
  return (x + kNoFractionsF64) - kNoFractionsF64;
}

Doubles ceil_of(const Doubles& x) {
  const Doubles nearest = nearest_of(x);
  return nearest + select_less(nearest, x, 1.0, 0.0);
}

Doubles floor_of(const Doubles& x) {
  const Doubles nearest = nearest_of(x);
  return nearest - select_less(x, nearest, 1.0, 0.0);
}

int least(Floats x) {
  const Floats pairs = smaller(x, Floats(__builtin_shufflevector(x.raw, x.raw, 2, 3, 0, 1)));
  return static_cast<int>(std::min(pairs[0], pairs[1]));
}

int most(Floats x) {
  const Floats pairs = larger(x, Floats(__builtin_shufflevector(x.raw, x.raw, 2, 3, 0, 1)));
  return static_cast<int>(std::max(pairs[0], pairs[1]));
}

}  // namespace

void SampleBuffer::reset(int new_width, int new_y_begin, int new_rows) {
  width = new_width;
  y_begin = new_y_begin;
  rows = new_rows;
  pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(rows),
                {.w = -std::numeric_limits<float>::infinity(), .id = kNothing});
}

DepthMap::DepthMap(int new_side)
    : side(new_side),
      w(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) + kLanes,
        -std::numeric_limits<float>::infinity()) {}

Bounds::Bounds(const ScreenVertex& a, const ScreenVertex& b, const ScreenVertex& c)
    : x_min(std::min({a.x, b.x, c.x})),
      x_max(std::max({a.x, b.x, c.x})),
      y_min(std::min({a.y, b.y, c.y})),
      y_max(std::max({a.y, b.y, c.y})) {}

bool may_meet_sample(const Bounds& bounds, const SampleOffsets& offsets) {
  constexpr float kMargin = 0.01F;  // more than rounding can move an edge by
  const auto may_meet = [](Floats low, Floats high) {
    const Mask is_narrow = high - low < 1.0F;
    return (floor_int(low) != floor_int(high)) | !is_narrow;
  };
  const Floats x(std::array{offsets[0].x, offsets[1].x, offsets[2].x, offsets[3].x});
  const Floats y(std::array{offsets[0].y, offsets[1].y, offsets[2].y, offsets[3].y});
  return any(may_meet(bounds.x_min - x - kMargin, bounds.x_max - x + kMargin) &
             may_meet(bounds.y_min - y - kMargin, bounds.y_max - y + kMargin));
}

RasterTriangle::RasterTriangle(const ScreenVertex& a,
                               const ScreenVertex& b,
                               const ScreenVertex& c) {
  const double ax = a.x;
  const double ay = a.y;
  const double bx = b.x;
  const double by = b.y;
  const double cx = c.x;
  const double cy = c.y;
  const double area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  const bool is_finite = area - area == 0;
  if (area == 0 || !is_finite) {
    return;
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  left_.fill({-kInfinity, 0});
  right_.fill({kInfinity, 0});
  std::size_t left_count = 0;
  std::size_t right_count = 0;
  const auto add_edge = [&](double x0, double y0, double x1, double y1) {
    // The side is where x * per_x + y * per_y + rest is 0; inside, it has the sign of the area.
    const double per_x = y0 - y1;
    if (per_x == 0) {
      return;
    }
    const double per_y = x1 - x0;
    const double rest = x0 * y1 - x1 * y0;
    Edge& edge = (per_x > 0) == (area > 0) ? left_[left_count++] : right_[right_count++];
    edge = {-rest / per_x, -per_y / per_x};
  };
  add_edge(ax, ay, bx, by);
  add_edge(bx, by, cx, cy);
  add_edge(cx, cy, ax, ay);
  y_min_ = std::clamp(std::min({a.y, b.y, c.y}), -kFarAway, kFarAway);
  y_max_ = std::clamp(std::max({a.y, b.y, c.y}), -kFarAway, kFarAway);
  w_min_ = std::min({a.w, b.w, c.w});
  w_max_ = std::max({a.w, b.w, c.w});
  const double wb = static_cast<double>(b.w) - a.w;
  const double wc = static_cast<double>(c.w) - a.w;
  wx_ = (wb * (cy - ay) - wc * (by - ay)) / area;
  wy_ = (wc * (bx - ax) - wb * (cx - ax)) / area;
  w0_ = a.w - wx_ * ax - wy_ * ay;
  empty_ = false;
}

inline RasterTriangle::Rows RasterTriangle::rows_at(const Doubles& y,
                                                    const Doubles& offset_x,
                                                    int width) const {
  const auto right_end = static_cast<double>(width);
  const auto x_of = [&](const Edge& edge) { return Doubles(edge.x0) + y * edge.slope; };
  const Doubles low = larger(larger(0.0, x_of(left_[0])), x_of(left_[1]));
  const Doubles high = smaller(smaller(right_end, x_of(right_[0])), x_of(right_[1]));
  // Cut so that they fit into the image, more or less, where the row is not met.
  const Doubles first = larger(0.0, ceil_of(smaller(low, right_end + 2) - offset_x));
  const Doubles last = smaller(right_end - 1, floor_of(larger(high, -2.0) - offset_x));
  return {.first = rounded(first),
          .last = rounded(select_less(high, low, kNowhere, last)),
          // From the first sample on, in double: a sliver's steep plane would lose its bits else.
          .w = rounded(Doubles(w0_) + y * wy_ + (first + offset_x) * wx_)};
}

Floats RasterTriangle::clamp_w(Floats w) const {
  const Floats above = select(w < w_min_, Floats(w_min_), w);
  return select(above > w_max_, Floats(w_max_), above);
}

// All four samples of a pixel at a time: most triangles are only a few pixels wide.
void RasterTriangle::draw(SampleBuffer& buffer,
                          const SampleOffsets& offsets,
                          std::uint32_t id) const {
  const Doubles x_offset(offsets[0].x, offsets[1].x, offsets[2].x, offsets[3].x);
  const Doubles y_offset(offsets[0].y, offsets[1].y, offsets[2].y, offsets[3].y);
  const Floats y_first = rounded(ceil_of(Doubles(y_min_) - y_offset));
  const Floats y_last = rounded(floor_of(Doubles(y_max_) - y_offset));
  const int last = std::min(buffer.y_begin + buffer.rows - 1, most(y_last));
  for (int y = std::max(buffer.y_begin, least(y_first)); y <= last; ++y) {
    Rows rows = rows_at(Doubles(y) + y_offset, x_offset, buffer.width);
    const Floats here(static_cast<float>(y));
    rows.last = select(
        (here >= y_first) & (here <= y_last), rows.last, Floats(static_cast<float>(kNowhere)));
    draw_row(rows, &buffer.pixels[buffer.at(y, 0)], id);
  }
}

inline void RasterTriangle::draw_row(const Rows& rows, PixelSamples* row, std::uint32_t id) const {
  const Floats step(static_cast<float>(wx_));
  const Floats last_number = rows.last - rows.first;
  const int last = most(rows.last);
  int x = least(rows.first);
  for (Floats number = static_cast<float>(x) - rows.first; x <= last; ++x, number += 1.0F) {
    PixelSamples& pixel = row[x];
    const Floats w = clamp_w(rows.w + number * step);
    const Mask nearer = (number >= 0.0F) & (number <= last_number) & (w > pixel.w);
    pixel.w = select(nearer, w, pixel.w);
    pixel.id = select(nearer, Words(id), pixel.id);
  }
}

// Four rows at a time.
void RasterTriangle::draw(DepthMap& map) const {
  constexpr double kCentre = 0.5;
  const int last = std::min(map.side - 1, most(rounded(floor_of(Doubles(y_max_) - kCentre))));
  for (int y = std::max(0, least(rounded(ceil_of(Doubles(y_min_) - kCentre)))); y <= last;
       y += kLanes) {
    const Doubles middle = Doubles(y) + kCentre;
    const Rows rows = rows_at(middle + Doubles(0, 1, 2, 3), kCentre, map.side);
    const auto count = static_cast<std::size_t>(std::min(kLanes, last - y + 1));
    for (std::size_t i = 0; i < count; ++i) {
      const int first = static_cast<int>(rows.first[i]);
      const std::size_t at = map.at(y + static_cast<int>(i), first);
      draw_run(rows.w[i], static_cast<int>(rows.last[i]) - first + 1, &map.w[at]);
    }
  }
}

void RasterTriangle::draw_run(float first_w, int count, float* w) const {
  const Floats step(static_cast<float>(wx_));
  for (int i = 0; i < count; i += kLanes) {
    const Floats number = Floats(static_cast<float>(i)) + lane_numbers();
    const Floats here = clamp_w(Floats(first_w) + number * step);
    const Floats seen = load(w + i);
    const Mask nearer = (number < static_cast<float>(count)) & (here > seen);
    store(select(nearer, here, seen), w + i);
  }
}

}  // namespace mtmi::scenes
