#include "mtmi/scenes/hits.h"

#include <algorithm>
#include <array>
#include <bit>

namespace mtmi::scenes {
namespace {

// Twice the area between a point of the screen and the side from p to q of a triangle, times the w
// of the corner across; and how it changes from pixel to pixel.
struct Area {
  Area(const ScreenVertex& p, const ScreenVertex& q, double w, const Doubles& x, const Doubles& y)
      : value(((p.x - x) * (q.y - y) - (q.x - x) * (p.y - y)) * w),
        per_x((static_cast<double>(p.y) - q.y) * w),
        per_y((static_cast<double>(q.x) - p.x) * w) {}

  [[nodiscard]] Doubles at(double dx, double dy) const { return value + (dx * per_x + dy * per_y); }

  Doubles value;
  double per_x;
  double per_y;
};

struct Areas {
  Area a;
  Area b;
  Area c;
};

struct Weights {
  Floats a;
  Floats b;
  Floats c;
};

// Perspective-correct weights of the corners (dx, dy) pixels off; outside of the triangle its plane
// goes on.
Weights weights_of(const Areas& areas, double dx, double dy) {
  const Doubles a = areas.a.at(dx, dy);
  const Doubles b = areas.b.at(dx, dy);
  const Doubles c = areas.c.at(dx, dy);
  const Doubles scale = 1.0 / (a + b + c);
  return {rounded(a * scale), rounded(b * scale), rounded(c * scale)};
}

Floats blend(const Weights& weights, float a, float b, float c) {
  return a * weights.a + b * weights.b + c * weights.c;
}

Pairs uv_of(const Weights& weights, const SeenTriangle& t) {
  return {blend(weights, t.a.uv.x, t.b.uv.x, t.c.uv.x),
          blend(weights, t.a.uv.y, t.b.uv.y, t.c.uv.y)};
}

// How much of one texture coordinate a pixel covers.
Floats change(Floats here, Floats right, Floats below) {
  return larger(magnitude(right - here), magnitude(below - here));
}

Pairs footprint_of(const Areas& areas, const SeenTriangle& t, const Pairs& uv) {
  const Pairs right = uv_of(weights_of(areas, 1, 0), t);
  const Pairs below = uv_of(weights_of(areas, 0, 1), t);
  return {change(uv.x, right.x, below.x), change(uv.y, right.y, below.y)};
}

Floats gather(std::span<const Shot, kLanes> shots, float Shot::*field) {
  return Floats(std::array{shots[0].*field, shots[1].*field, shots[2].*field, shots[3].*field});
}

}  // namespace

Vectors ray_of(const Eye& eye, std::span<const Shot, kLanes> shots) {
  return eye.ray(gather(shots, &Shot::x), gather(shots, &Shot::y));
}

Hit find_hit(const Eye& eye, const SeenTriangle& t, std::span<const Shot, kLanes> shots) {
  const Floats w = gather(shots, &Shot::w);
  const Doubles x = widened(gather(shots, &Shot::x));
  const Doubles y = widened(gather(shots, &Shot::y));
  const Areas areas{{t.screen_b, t.screen_c, t.screen_a.w, x, y},
                    {t.screen_c, t.screen_a, t.screen_b.w, x, y},
                    {t.screen_a, t.screen_b, t.screen_c.w, x, y}};
  const Weights weights = weights_of(areas, 0, 0);
  const Vectors normal =
      normalized(Vectors{blend(weights, t.a.normal.x, t.b.normal.x, t.c.normal.x),
                         blend(weights, t.a.normal.y, t.b.normal.y, t.c.normal.y),
                         blend(weights, t.a.normal.z, t.b.normal.z, t.c.normal.z)});
  const Vectors ray = ray_of(eye, shots);
  const Mask is_back = dot(normal, ray) > 0.0F;
  Hit hit{.position = eye.position + ray * (1.0F / w),
          .normal = select(is_back, -normal, normal),
          .uv = uv_of(weights, t),
          .footprint = {},
          .pixel_metres = 1.0F / (w * eye.camera.focal),
          .triangle = t.number,
          .is_back = is_back};
  if (t.has_footprint) {
    hit.footprint = footprint_of(areas, t, hit.uv);
  }
  return hit;
}

void HitTable::resize(std::size_t count) {
  stride_ = count + kLanes - 1;
  values_.resize(std::max(values_.size(), kFields * stride_));
}

void HitTable::put(std::size_t first, const Hit& hit) {
  const auto fields = std::bit_cast<std::array<Floats, kFields>>(hit);
  for (std::size_t i = 0; i < kFields; ++i) {
    store(fields[i], &values_[i * stride_ + first]);
  }
}

Hit HitTable::at(std::size_t first) const {
  std::array<Floats, kFields> fields;
  for (std::size_t i = 0; i < kFields; ++i) {
    fields[i] = load(&values_[i * stride_ + first]);
  }
  return std::bit_cast<Hit>(fields);
}

}  // namespace mtmi::scenes
