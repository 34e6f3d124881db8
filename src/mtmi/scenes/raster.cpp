#include "mtmi/scenes/raster.h"

#include <algorithm>

#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {
namespace {

// Coordinates beyond this are cut: far more than any image, and safe to turn into integers.
constexpr double kFarAway = 1e6;

constexpr int kNarrow = 4;  // samples that draw_narrow_run() does at once

// Pre: |x| < 2^31.
int ceil_small(double x) {
  const auto truncated = static_cast<int>(x);
  return truncated + (static_cast<double>(truncated) < x ? 1 : 0);
}

// The same, which loops turn into vectors.
double ceil_in_double(double x) {
  const auto truncated = static_cast<double>(static_cast<int>(x));
  return truncated + (truncated < x ? 1.0 : 0.0);
}

int ceil_int(double x) {
  return ceil_small(std::clamp(x, -kFarAway, kFarAway));
}

int floor_of(double x) {
  return -ceil_int(-x);
}

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

// The same for runs of at most kNarrow samples, none included, without any branch: whether a small
// triangle covers a sample is a surprise every time. It touches kNarrow samples, and changes as
// many as it should.
void draw_narrow_run(const Run run, float* w) {
  for (int i = 0; i < kNarrow; ++i) {
    const float here = run.w_at(i);
    const bool nearer = (i < run.count) & (here > w[i]);
    w[i] = nearer ? here : w[i];
  }
}

void draw_narrow_run(const Run run, float* w, std::uint32_t* ids, std::uint32_t id) {
  for (int i = 0; i < kNarrow; ++i) {
    const float here = run.w_at(i);
    const bool nearer = (i < run.count) & (here > w[i]);
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
  const std::size_t padded = count + 2 * kNarrow;  // for what draw_narrow_run() touches
  w.assign(padded, -std::numeric_limits<float>::infinity());
  id.assign(with_ids ? padded : 0, kNothing);
}

bool may_meet_sample(const ScreenVertex& a,
                     const ScreenVertex& b,
                     const ScreenVertex& c,
                     Vec2 offset) {
  constexpr float kMargin = 0.01F;  // more than rounding can move an edge by
  const auto may_meet = [](float low, float high) {
    return !(high - low < 1) || floor_int(low) != floor_int(high);
  };
  return may_meet(std::min({a.x, b.x, c.x}) - offset.x - kMargin,
                  std::max({a.x, b.x, c.x}) - offset.x + kMargin) &&
         may_meet(std::min({a.y, b.y, c.y}) - offset.y - kMargin,
                  std::max({a.y, b.y, c.y}) - offset.y + kMargin);
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
  // One sample less than fit would do; rounding may move a side a little.
  is_narrow_ = std::max({a.x, b.x, c.x}) - std::min({a.x, b.x, c.x}) < kNarrow - 0.5F;
  empty_ = false;
}

template <std::size_t N>
void RasterTriangle::draw_into(const std::array<SampleBuffer*, N>& buffers,
                               const std::array<Vec2, N>& offsets,
                               std::uint32_t id) const {
  const SampleBuffer& any = *buffers[0];
  std::array<int, N> y_first;
  std::array<int, N> y_last;
  for (std::size_t s = 0; s < N; ++s) {
    y_first[s] = std::max(any.y_begin, ceil_int(static_cast<double>(y_min_) - offsets[s].y));
    y_last[s] =
        std::min(any.y_begin + any.rows - 1, floor_of(static_cast<double>(y_max_) - offsets[s].y));
  }
  const int last = *std::max_element(y_last.begin(), y_last.end());
  for (int y = *std::min_element(y_first.begin(), y_first.end()); y <= last; ++y) {
    const Rows<N> rows = rows_at<N>(y, any.width, offsets);
    for (std::size_t s = 0; s < N; ++s) {
      const bool is_met = y >= y_first[s] && y <= y_last[s];
      const auto x_first = static_cast<int>(rows.x_first[s]);
      const Run run{.row_w = rows.w[s],
                    .step = static_cast<float>(wx_),
                    .w_min = w_min_,
                    .w_max = w_max_,
                    .count = is_met ? static_cast<int>(rows.x_last[s]) - x_first + 1 : 0};
      draw_row(run, *buffers[s], buffers[s]->at(y, x_first), id);
    }
  }
}

void RasterTriangle::draw_row(const Run& run,
                              SampleBuffer& buffer,
                              std::size_t at,
                              std::uint32_t id) const {
  float* w = buffer.w.data() + at;
  if (buffer.id.empty()) {
    is_narrow_ ? draw_narrow_run(run, w) : draw_run(run, w);
    return;
  }
  std::uint32_t* ids = buffer.id.data() + at;
  is_narrow_ ? draw_narrow_run(run, w, ids, id) : draw_run(run, w, ids, id);
}

// No branches: the compiler makes vectors of the loop over the samples.
template <std::size_t N>
RasterTriangle::Rows<N> RasterTriangle::rows_at(int y,
                                                int width,
                                                const std::array<Vec2, N>& offsets) const {
  const auto right_end = static_cast<double>(width);
  Rows<N> rows;
  for (std::size_t s = 0; s < N; ++s) {
    const double sy = static_cast<double>(y) + offsets[s].y;
    const auto x_of = [sy](const Edge& edge) { return edge.x0 + sy * edge.slope; };
    const auto larger = [](double a, double b) { return a < b ? b : a; };
    const auto smaller = [](double a, double b) { return b < a ? b : a; };
    const double low = larger(larger(0.0, x_of(left_[0])), x_of(left_[1]));
    const double high = smaller(smaller(right_end, x_of(right_[0])), x_of(right_[1]));
    const double offset_x = offsets[s].x;
    // Cut so that they fit into integers, where the row is not met.
    const double x_first = larger(0.0, ceil_in_double(smaller(low, right_end + 2) - offset_x));
    const double x_last = smaller(right_end - 1, -ceil_in_double(offset_x - larger(high, -2.0)));
    rows.x_first[s] = x_first;
    rows.x_last[s] = low > high ? -1.0 : x_last;
    // From the first pixel on, in double: a sliver's steep plane would lose its bits else.
    rows.w[s] = static_cast<float>(w0_ + sy * wy_ + (x_first + offset_x) * wx_);
  }
  return rows;
}

void RasterTriangle::draw(SampleBuffer& buffer, Vec2 offset, std::uint32_t id) const {
  draw_into<1>({&buffer}, {offset}, id);
}

void RasterTriangle::draw(const std::array<SampleBuffer*, 4>& buffers,
                          const std::array<Vec2, 4>& offsets,
                          std::uint32_t id) const {
  draw_into<4>(buffers, offsets, id);
}

}  // namespace mtmi::scenes
