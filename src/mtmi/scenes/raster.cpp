#include "mtmi/scenes/raster.h"

#include <algorithm>

namespace mtmi::scenes {
namespace {

// Coordinates beyond this are cut: far more than any image, and safe to turn into integers.
constexpr double kFarAway = 1e6;

// Pre: |x| < 2^31.
int ceil_small(double x) {
  const auto truncated = static_cast<int>(x);
  return truncated + (static_cast<double>(truncated) < x ? 1 : 0);
}

int ceil_int(double x) {
  return ceil_small(std::clamp(x, -kFarAway, kFarAway));
}

int floor_of(double x) {
  return -ceil_int(-x);
}

// Samples of a row under a triangle: w is row_w + i * step, within [w_min, w_max].
struct Run {
  float row_w;
  float step;
  float w_min;
  float w_max;
  int count;

  [[nodiscard]] float w_at(int i) const {
    return std::min(std::max(row_w + static_cast<float>(i) * step, w_min), w_max);
  }
};

// No branches: the compiler makes vectors of both loops.
void draw_run(const Run run, float* w) {
  for (int i = 0; i < run.count; ++i) {
    w[i] = std::max(w[i], run.w_at(i));
  }
}

void draw_run(const Run run, float* w, std::uint32_t* ids, std::uint32_t id) {
  for (int i = 0; i < run.count; ++i) {
    const float here = run.w_at(i);
    const bool nearer = here > w[i];
    w[i] = nearer ? here : w[i];
    ids[i] = nearer ? id : ids[i];
  }
}

}  // namespace

void SampleBuffer::reset(int new_width, int new_y_begin, int new_rows, bool with_ids) {
  width = new_width;
  y_begin = new_y_begin;
  rows = new_rows;
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(rows);
  w.assign(count, -std::numeric_limits<float>::infinity());
  id.assign(with_ids ? count : 0, kNothing);
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
  const auto right_end = static_cast<double>(buffer.width);
  for (int y = y_first; y <= y_last; ++y) {
    const double sy = static_cast<double>(y) + offset.y;
    const auto x_of = [sy](const Edge& edge) { return edge.x0 + sy * edge.slope; };
    const double low = std::max({0.0, x_of(left_[0]), x_of(left_[1])});
    const double high = std::min({right_end, x_of(right_[0]), x_of(right_[1])});
    if (low > high) {
      continue;
    }
    const int x_first = std::max(0, ceil_small(low - offset.x));
    const int x_last = std::min(buffer.width - 1, -ceil_small(offset.x - high));
    if (x_last < x_first) {
      continue;  // most rows of small triangles lie between two samples
    }
    // From the first pixel on, in double: a sliver's steep plane would lose its bits else.
    const auto row_w =
        static_cast<float>(w0_ + sy * wy_ + (x_first + static_cast<double>(offset.x)) * wx_);
    const auto step = static_cast<float>(wx_);
    const Run run{row_w, step, w_min_, w_max_, x_last - x_first + 1};
    float* w = buffer.w.data() + buffer.at(y, x_first);
    if (buffer.id.empty()) {
      draw_run(run, w);
    } else {
      draw_run(run, w, buffer.id.data() + buffer.at(y, x_first), id);
    }
  }
}

}  // namespace mtmi::scenes
