#include "mtmi/scenes/raster.h"

#include <algorithm>

namespace mtmi::scenes {
namespace {

// Coordinates beyond this are cut: far more than any image, and safe to turn into integers.
constexpr double kFarAway = 1e6;

int ceil_int(double x) {
  const double cut = std::clamp(x, -kFarAway, kFarAway);
  const auto truncated = static_cast<int>(cut);
  return truncated + (static_cast<double>(truncated) < cut ? 1 : 0);
}

int floor_of(double x) {
  return -ceil_int(-x);
}

}  // namespace

void SampleBuffer::reset(int new_width, int new_y_begin, int new_rows) {
  width = new_width;
  y_begin = new_y_begin;
  rows = new_rows;
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(rows);
  w.assign(count, -std::numeric_limits<float>::infinity());
  id.assign(count, kNothing);
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
  if (!(area > 0 || area < 0)) {
    return;
  }
  const auto add_edge = [&](double x0, double y0, double x1, double y1) {
    const double A = y0 - y1;
    if (A == 0) {
      return;  // y_min and y_max bound it
    }
    const double B = x1 - x0;
    const double C = x0 * y1 - x1 * y0;
    // Inside is where A x + B y + C has the sign of the area.
    edges_[static_cast<std::size_t>(edge_count_++)] = {-C / A, -B / A, (A > 0) == (area > 0)};
  };
  add_edge(ax, ay, bx, by);
  add_edge(bx, by, cx, cy);
  add_edge(cx, cy, ax, ay);
  y_min_ = std::min({a.y, b.y, c.y});
  y_max_ = std::max({a.y, b.y, c.y});
  w_min_ = std::min({a.w, b.w, c.w});
  w_max_ = std::max({a.w, b.w, c.w});
  const double wb = static_cast<double>(b.w) - a.w;
  const double wc = static_cast<double>(c.w) - a.w;
  wx_ = (wb * (cy - ay) - wc * (by - ay)) / area;
  wy_ = (wc * (bx - ax) - wb * (cx - ax)) / area;
  w0_ = a.w - wx_ * ax - wy_ * ay;
  empty_ = false;
}

void RasterTriangle::draw(SampleBuffer& buffer, Vec2 offset, std::uint32_t id) const {
  const int y_first = std::max(buffer.y_begin, ceil_int(static_cast<double>(y_min_) - offset.y));
  const int y_last =
      std::min(buffer.y_begin + buffer.rows - 1, floor_of(static_cast<double>(y_max_) - offset.y));
  for (int y = y_first; y <= y_last; ++y) {
    const double sy = static_cast<double>(y) + offset.y;
    double low = 0.0;
    double high = static_cast<double>(buffer.width);
    for (int e = 0; e < edge_count_; ++e) {
      const Edge& edge = edges_[static_cast<std::size_t>(e)];
      const double x = edge.x0 + sy * edge.slope;
      low = edge.is_left ? std::max(low, x) : low;
      high = edge.is_left ? high : std::min(high, x);
    }
    const int x_first = std::max(0, ceil_int(low - offset.x));
    const int x_last = std::min(buffer.width - 1, floor_of(high - offset.x));
    // From the first pixel on, in double: a sliver's steep plane would lose its bits else.
    const auto row_w =
        static_cast<float>(w0_ + sy * wy_ + (x_first + static_cast<double>(offset.x)) * wx_);
    const auto step = static_cast<float>(wx_);
    float* w = buffer.w.data() + buffer.at(y, 0);
    std::uint32_t* ids = buffer.id.data() + buffer.at(y, 0);
    for (int x = x_first; x <= x_last; ++x) {
      const float plane = row_w + static_cast<float>(x - x_first) * step;
      const float here = std::min(std::max(plane, w_min_), w_max_);
      const bool nearer = here > w[x];
      w[x] = nearer ? here : w[x];
      ids[x] = nearer ? id : ids[x];
    }
  }
}

}  // namespace mtmi::scenes
