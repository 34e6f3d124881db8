#include "mtmi/scenes/shots.h"

#include <algorithm>

namespace mtmi::scenes {
namespace {

Vec3 lane_of(const Vectors& vectors, std::size_t lane) {
  return {vectors.x[lane], vectors.y[lane], vectors.z[lane]};
}

}  // namespace

ShotShader::ShotShader(const Scenery& scenery)
    : scenery_(scenery),
      sky_(static_cast<std::uint32_t>(scenery.geometry.parts.size())),
      group_of_part_(scenery.geometry.parts.size() + 1, kNothing) {}

std::span<const Vec3> ShotShader::shade(std::vector<Shot>& shots) {
  const std::size_t count = shots.size();
  find_stretches(shots);
  shots.resize(count + kLanes - 1);  // the last ones are shaded in company too
  colors_.resize(count);
  for (const Group& group : groups_) {
    group.part == sky_ ? shade_sky(group, shots) : shade_part(group, shots);
    group_of_part_[group.part] = kNothing;
  }
  groups_.clear();
  return colors_;
}

void ShotShader::find_stretches(std::span<const Shot> shots) {
  stretches_.clear();
  std::size_t end = 0;
  for (std::size_t begin = 0; begin < shots.size(); begin = end) {
    const std::uint32_t triangle = shots[begin].triangle;
    for (end = begin + 1; end < shots.size() && shots[end].triangle == triangle;) {
      ++end;
    }
    stretches_.push_back(
        {.triangle = triangle, .first = begin, .count = end - begin, .next = kNothing});
    add_to_group(static_cast<std::uint32_t>(stretches_.size() - 1));
  }
}

void ShotShader::add_to_group(std::uint32_t stretch) {
  const std::uint32_t triangle = stretches_[stretch].triangle;
  const std::uint32_t part =
      triangle == kNothing ? sky_ : scenery_.geometry.triangles[triangle].part;
  std::uint32_t& group = group_of_part_[part];
  if (group == kNothing) {
    group = static_cast<std::uint32_t>(groups_.size());
    groups_.push_back({.part = part, .first = stretch, .last = stretch, .count = 0});
  } else {
    stretches_[groups_[group].last].next = stretch;
    groups_[group].last = stretch;
  }
  groups_[group].count += stretches_[stretch].count;
}

void ShotShader::shade_sky(const Group& group, std::span<const Shot> shots) {
  for (std::uint32_t i = group.first; i != kNothing; i = stretches_[i].next) {
    const Stretch& stretch = stretches_[i];
    for (std::size_t at = 0; at < stretch.count; at += kLanes) {
      const Vectors ray = ray_of(scenery_.eye, shots.subspan(stretch.first + at).first<kLanes>());
      const Vectors colors = scenery_.shading.sky(normalized(ray));
      const std::size_t count = std::min<std::size_t>(kLanes, stretch.count - at);
      for (std::size_t lane = 0; lane < count; ++lane) {
        colors_[stretch.first + at + lane] = lane_of(colors, lane);
      }
    }
  }
}

void ShotShader::shade_part(const Group& group, std::span<const Shot> shots) {
  find_hits(group, shots);
  const Part& part = scenery_.geometry.parts[group.part];
  for (std::size_t at = 0; at < hit_shots_.size(); at += kLanes) {
    const Vectors colors =
        scenery_.shading.radiance(scenery_.geometry, part, hits_.at(at), scenery_.eye.position);
    const std::size_t count = std::min<std::size_t>(kLanes, hit_shots_.size() - at);
    for (std::size_t lane = 0; lane < count; ++lane) {
      colors_[hit_shots_[at + lane]] = lane_of(colors, lane);
    }
  }
}

void ShotShader::find_hits(const Group& group, std::span<const Shot> shots) {
  hits_.resize(group.count);
  hit_shots_.clear();
  for (std::uint32_t i = group.first; i != kNothing; i = stretches_[i].next) {
    const Stretch& stretch = stretches_[i];
    const SeenTriangle triangle = seen(stretch.triangle);
    for (std::size_t at = 0; at < stretch.count; at += kLanes) {
      // Hits beyond the end of the stretch give way to those of the next.
      hits_.put(
          hit_shots_.size() + at,
          find_hit(scenery_.eye, triangle, shots.subspan(stretch.first + at).first<kLanes>()));
    }
    for (std::size_t at = 0; at < stretch.count; ++at) {
      hit_shots_.push_back(stretch.first + at);
    }
  }
}

SeenTriangle ShotShader::seen(std::uint32_t triangle) const {
  const Geometry& geometry = scenery_.geometry;
  const auto& [v, part] = geometry.triangles[triangle];
  return {.number = triangle,
          .a = geometry.vertices[v[0]],
          .b = geometry.vertices[v[1]],
          .c = geometry.vertices[v[2]],
          .screen_a = scenery_.screen[v[0]],
          .screen_b = scenery_.screen[v[1]],
          .screen_c = scenery_.screen[v[2]],
          .has_footprint = has_fine_pattern(geometry.parts[part].material)};
}

}  // namespace mtmi::scenes
