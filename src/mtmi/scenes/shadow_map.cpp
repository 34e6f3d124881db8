#include "mtmi/scenes/shadow_map.h"

#include <algorithm>
#include <array>

#include "mtmi/scenes/material.h"
#include "mtmi/scenes/projection.h"

namespace mtmi::scenes {
namespace {

constexpr SampleOffsets kCentres{{{0.5F, 0.5F}, {0.5F, 0.5F}, {0.5F, 0.5F}, {0.5F, 0.5F}}};

}  // namespace

ShadowMap::ShadowMap(
    const Geometry& geometry, Vec3 direction, Vec3 center, float radius, int resolution)
    : direction_(direction),
      center_(center),
      samples_per_metre_(static_cast<float>(resolution) / (2 * radius)),
      resolution_(resolution),
      seen_(resolution) {
  const Vec3 not_parallel = direction.y > 0.95F ? Vec3{0, 0, 1} : Vec3{0, 1, 0};
  right_ = normalized(cross(not_parallel, direction_));
  up_ = cross(direction_, right_);
  // Where a sample is wider than a leaf, the crowns' cores cast shadow enough.
  const bool with_leaves = samples_per_metre_ > 7;
  const auto limit = static_cast<float>(resolution);
  const std::vector<ScreenVertex> screen = project_vertices(
      geometry.vertices, [this](const Vectors& points, std::size_t) { return project(points); });
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
    const Bounds bounds(a, b, c);
    if (!bounds.meet(limit, limit) || !may_meet_sample(bounds, kCentres)) {
      continue;
    }
    const RasterTriangle raster(a, b, c);
    if (!raster.empty()) {
      raster.draw(seen_);
    }
  }
}

Mask ShadowMap::is_inside(const ScreenVertices& p, float margin) const {
  const float limit = static_cast<float>(resolution_) - margin;
  return (p.x > margin) & (p.y > margin) & (p.x < limit) & (p.y < limit);
}

// 1 where nothing at the samples is nearer to the light than w, 0 elsewhere.
Floats ShadowMap::visible(Ints sample, Floats w) const {
  const auto seen_at = [&](std::size_t lane) {
    return seen_.w[static_cast<std::size_t>(sample[lane])];
  };
  const Floats seen(std::array{seen_at(0), seen_at(1), seen_at(2), seen_at(3)});
  return select(seen > w, 0.0F, 1.0F);
}

ShadowMap::Shares ShadowMap::light_at(const Vectors& point, const Vectors& normal) const {
  // A sample is as wide as 1 / samples_per_metre: within it a slanted surface rises above itself.
  const float sample = 1.0F / samples_per_metre_;
  const ScreenVertices p = project(point + normal * (1.2F * sample));
  const Mask is_known = is_inside(p, 2);
  if (!any(is_known)) {
    return {0.0F, is_known};
  }
  const Floats w = p.w + 0.6F * sample;
  const Floats x = select(is_known, p.x - 0.5F, 0.0F);
  const Floats y = select(is_known, p.y - 0.5F, 0.0F);
  const Ints ix = truncated(x);  // on the map both are positive
  const Ints iy = truncated(y);
  const Floats fx = x - floats_of(ix);
  const Floats fy = y - floats_of(iy);
  const Ints at = iy * resolution_ + ix;
  const Ints below = at + resolution_;
  const Floats top = lerp(visible(at, w), visible(at + 1, w), fx);
  const Floats bottom = lerp(visible(below, w), visible(below + 1, w), fx);
  return {lerp(top, bottom, fy), is_known};
}

ShadowMap::Shares ShadowMap::open_share(const Vectors& point, float radius) const {
  constexpr Vec2 kOffsets[] = {
      {0.25F, 0.1F}, {-0.7F, 0.3F}, {0.3F, -0.75F}, {0.8F, 0.6F}, {-0.5F, -0.6F}};
  const ScreenVertices p = project(point);
  const Floats w = p.w + 0.15F;
  const float reach = radius * samples_per_metre_;
  const Mask is_known = is_inside(p, reach + 2);
  if (!any(is_known)) {
    return {0.0F, is_known};
  }
  const Floats x = select(is_known, p.x, reach);
  const Floats y = select(is_known, p.y, reach);
  Floats open;
  for (const Vec2& offset : kOffsets) {
    const Ints row = truncated(y + offset.y * reach);
    open += visible(row * resolution_ + truncated(x + offset.x * reach), w);
  }
  return {open / 5.0F, is_known};
}

}  // namespace mtmi::scenes
