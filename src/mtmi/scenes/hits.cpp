#include "mtmi/scenes/hits.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mtmi::scenes {
namespace {

// N shots at a time, each step in a loop of its own without branches: the compiler makes vectors of
// them.
template <std::size_t N>
using Lanes = std::array<float, N>;

template <std::size_t N>
using WideLanes = std::array<double, N>;

// Twice the area between a point of the screen and the side from p to q of a triangle, times the w
// of the corner across; and how it changes from pixel to pixel.
template <std::size_t N>
struct Area {
  Area(const ScreenVertex& p,
       const ScreenVertex& q,
       double w,
       const WideLanes<N>& x,
       const WideLanes<N>& y)
      : per_x((static_cast<double>(p.y) - q.y) * w), per_y((static_cast<double>(q.x) - p.x) * w) {
    for (std::size_t i = 0; i < N; ++i) {
      value[i] = ((p.x - x[i]) * (q.y - y[i]) - (q.x - x[i]) * (p.y - y[i])) * w;
    }
  }

  WideLanes<N> value;
  double per_x;
  double per_y;
};

template <std::size_t N>
struct Weights {
  Lanes<N> a;
  Lanes<N> b;
  Lanes<N> c;
};

// Perspective-correct weights of the corners (dx, dy) pixels off; outside of the triangle its plane
// goes on.
template <std::size_t N>
Weights<N> weights_of(
    const Area<N>& at_a, const Area<N>& at_b, const Area<N>& at_c, double dx, double dy) {
  const auto step = [&](const Area<N>& area) { return dx * area.per_x + dy * area.per_y; };
  const double step_a = step(at_a);
  const double step_b = step(at_b);
  const double step_c = step(at_c);
  Weights<N> weights;
  for (std::size_t i = 0; i < N; ++i) {
    const double a = at_a.value[i] + step_a;
    const double b = at_b.value[i] + step_b;
    const double c = at_c.value[i] + step_c;
    const double scale = 1.0 / (a + b + c);
    weights.a[i] = static_cast<float>(a * scale);
    weights.b[i] = static_cast<float>(b * scale);
    weights.c[i] = static_cast<float>(c * scale);
  }
  return weights;
}

template <std::size_t N>
Lanes<N> blend(const Weights<N>& weights, float a, float b, float c) {
  Lanes<N> blended;
  for (std::size_t i = 0; i < N; ++i) {
    blended[i] = a * weights.a[i] + b * weights.b[i] + c * weights.c[i];
  }
  return blended;
}

template <std::size_t N>
struct Vectors {
  Lanes<N> x;
  Lanes<N> y;
  Lanes<N> z;
};

// To length 1; up where there is none.
template <std::size_t N>
void normalize(Vectors<N>& v) {
  Lanes<N> lengths;
  for (std::size_t i = 0; i < N; ++i) {
    lengths[i] = v.x[i] * v.x[i] + v.y[i] * v.y[i] + v.z[i] * v.z[i];
  }
  for (std::size_t i = 0; i < N; ++i) {
    lengths[i] = std::sqrt(lengths[i]);
  }
  for (std::size_t i = 0; i < N; ++i) {
    const float scale = 1.0F / lengths[i];
    const bool has_length = lengths[i] > 0;
    v.x[i] = has_length ? v.x[i] * scale : 0.0F;
    v.y[i] = has_length ? v.y[i] * scale : 1.0F;
    v.z[i] = has_length ? v.z[i] * scale : 0.0F;
  }
}

// How much of one texture coordinate a pixel covers.
template <std::size_t N>
Lanes<N> change(const Lanes<N>& here, const Lanes<N>& right, const Lanes<N>& below) {
  Lanes<N> most;
  for (std::size_t i = 0; i < N; ++i) {
    most[i] = std::max(std::abs(right[i] - here[i]), std::abs(below[i] - here[i]));
  }
  return most;
}

template <std::size_t N>
void find(const Eye& eye, const SeenTriangle& t, const Shot* shots, Hit* hits) {
  WideLanes<N> x;
  WideLanes<N> y;
  for (std::size_t i = 0; i < N; ++i) {
    x[i] = shots[i].x;
    y[i] = shots[i].y;
  }
  const Area<N> at_a(t.screen_b, t.screen_c, t.screen_a.w, x, y);
  const Area<N> at_b(t.screen_c, t.screen_a, t.screen_b.w, x, y);
  const Area<N> at_c(t.screen_a, t.screen_b, t.screen_c.w, x, y);
  const Weights<N> here = weights_of(at_a, at_b, at_c, 0, 0);
  const Lanes<N> u = blend(here, t.a.uv.x, t.b.uv.x, t.c.uv.x);
  const Lanes<N> v = blend(here, t.a.uv.y, t.b.uv.y, t.c.uv.y);
  Lanes<N> du{};
  Lanes<N> dv{};
  if (t.has_footprint) {
    const Weights<N> right = weights_of(at_a, at_b, at_c, 1, 0);
    const Weights<N> below = weights_of(at_a, at_b, at_c, 0, 1);
    du = change(
        u, blend(right, t.a.uv.x, t.b.uv.x, t.c.uv.x), blend(below, t.a.uv.x, t.b.uv.x, t.c.uv.x));
    dv = change(
        v, blend(right, t.a.uv.y, t.b.uv.y, t.c.uv.y), blend(below, t.a.uv.y, t.b.uv.y, t.c.uv.y));
  }
  Vectors<N> normal{blend(here, t.a.normal.x, t.b.normal.x, t.c.normal.x),
                    blend(here, t.a.normal.y, t.b.normal.y, t.c.normal.y),
                    blend(here, t.a.normal.z, t.b.normal.z, t.c.normal.z)};
  normalize(normal);
  for (std::size_t i = 0; i < N; ++i) {
    const Vec3 ray = eye.ray(shots[i].x, shots[i].y);
    Hit& hit = hits[i];
    hit.position = eye.position + ray * (1.0F / shots[i].w);
    hit.normal = {normal.x[i], normal.y[i], normal.z[i]};
    hit.uv = {u[i], v[i]};
    hit.footprint = {du[i], dv[i]};
    hit.pixel_metres = 1.0F / (shots[i].w * eye.camera.focal);
    hit.triangle = shots[i].triangle;
    hit.is_back = dot(hit.normal, ray) > 0;
    hit.normal = hit.is_back ? -hit.normal : hit.normal;
  }
}

}  // namespace

void find_hits(const Eye& eye,
               const SeenTriangle& triangle,
               std::span<const Shot> shots,
               std::span<Hit> hits) {
  std::size_t i = 0;
  for (; i + std::size_t{kLanes} <= shots.size(); i += std::size_t{kLanes}) {
    find<kLanes>(eye, triangle, &shots[i], &hits[i]);
  }
  for (; i < shots.size(); ++i) {
    find<1>(eye, triangle, &shots[i], &hits[i]);
  }
}

}  // namespace mtmi::scenes
