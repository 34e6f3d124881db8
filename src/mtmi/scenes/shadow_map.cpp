#include "mtmi/scenes/shadow_map.h"

#include <algorithm>

#include "mtmi/scenes/material.h"

namespace mtmi::scenes {

ShadowMap::ShadowMap(
    const Geometry& geometry, Vec3 direction, Vec3 center, float radius, int resolution)
    : direction_(direction),
      center_(center),
      samples_per_metre_(static_cast<float>(resolution) / (2 * radius)),
      resolution_(resolution),
      seen_(resolution) {
  const Vec3 helper = direction.y > 0.95F ? Vec3{0, 0, 1} : Vec3{0, 1, 0};
  right_ = normalized(cross(helper, direction_));
  up_ = cross(direction_, right_);
  // Where a sample is wider than a leaf, the crowns' cores cast shadow enough.
  const bool with_leaves = samples_per_metre_ > 7;
  const auto limit = static_cast<float>(resolution);
  std::vector<ScreenVertex> screen;
  screen.reserve(geometry.vertices.size());
  for (const Vertex& v : geometry.vertices) {
    screen.push_back(project(v.position));
  }
  for (const Triangle& t : geometry.triangles) {
    const Part& part = geometry.parts[t.part];
    const bool is_leaf =
        part.material == Material::Foliage && geometry.vertices[t.vertex[0]].uv.x >= kLeafU;
    if (!part.casts_shadow || (is_leaf && !with_leaves)) {
      continue;
    }
    const ScreenVertex& a = screen[t.vertex[0]];
    const ScreenVertex& b = screen[t.vertex[1]];
    const ScreenVertex& c = screen[t.vertex[2]];
    const bool outside = std::max({a.x, b.x, c.x}) < 0 || std::min({a.x, b.x, c.x}) > limit ||
                         std::max({a.y, b.y, c.y}) < 0 || std::min({a.y, b.y, c.y}) > limit;
    if (outside) {
      continue;
    }
    constexpr Vec2 kCentre{0.5F, 0.5F};
    if (!may_meet_sample(a, b, c, kCentre)) {
      continue;
    }
    const RasterTriangle raster(a, b, c);
    if (!raster.empty()) {
      raster.draw(seen_);
    }
  }
}

bool ShadowMap::is_inside(const ScreenVertex& p, float margin) const {
  const float limit = static_cast<float>(resolution_) - margin;
  return p.x > margin && p.y > margin && p.x < limit && p.y < limit;
}

float ShadowMap::visible(int y, int x, float w) const {
  return seen_.w[seen_.at(y, x)] > w ? 0.0F : 1.0F;
}

std::optional<float> ShadowMap::light_at(Vec3 point, Vec3 normal) const {
  // A sample is as wide as 1 / samples_per_metre: within it a slanted surface rises above itself.
  const float sample = 1.0F / samples_per_metre_;
  const ScreenVertex p = project(point + normal * (1.2F * sample));
  if (!is_inside(p, 2)) {
    return std::nullopt;
  }
  const float w = p.w + 0.6F * sample;
  const float x = p.x - 0.5F;
  const float y = p.y - 0.5F;
  const auto ix = static_cast<int>(x);  // on the map both are positive
  const auto iy = static_cast<int>(y);
  const float fx = x - static_cast<float>(ix);
  const float fy = y - static_cast<float>(iy);
  const float top = lerp(visible(iy, ix, w), visible(iy, ix + 1, w), fx);
  const float bottom = lerp(visible(iy + 1, ix, w), visible(iy + 1, ix + 1, w), fx);
  return lerp(top, bottom, fy);
}

std::optional<float> ShadowMap::open_share(Vec3 point, float radius) const {
  constexpr Vec2 kOffsets[] = {
      {0.25F, 0.1F}, {-0.7F, 0.3F}, {0.3F, -0.75F}, {0.8F, 0.6F}, {-0.5F, -0.6F}};
  const ScreenVertex p = project(point);
  const float w = p.w + 0.15F;
  const float reach = radius * samples_per_metre_;
  if (!is_inside(p, reach + 2)) {
    return std::nullopt;
  }
  float open = 0;
  for (const Vec2& offset : kOffsets) {
    open += visible(
        static_cast<int>(p.y + offset.y * reach), static_cast<int>(p.x + offset.x * reach), w);
  }
  return open / 5;
}

}  // namespace mtmi::scenes
