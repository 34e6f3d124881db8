#include "mtmi/scenes/shading.h"

#include <algorithm>

#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {
namespace {

constexpr Vec3 kNearCenter{0, 0, 18};
constexpr float kNearRadius = 26;
constexpr Vec3 kFarCenter{0, 0, 62};
constexpr float kFarRadius = 85;
constexpr Vec3 kOpenCenter{0, 0, 30};
constexpr float kOpenRadius = 45;

float average(Vec3 color) {
  return (color.x + color.y + color.z) * (1.0F / 3.0F);
}

}  // namespace

Shading::Shading(const Geometry& geometry, const Light& light, int detail)
    : light_(light),
      open_sky_(geometry, {0, 1, 0}, kOpenCenter, kOpenRadius, std::clamp(detail / 2, 128, 512)) {
  const Vec3 sky =
      lerp(lerp(light.zenith, light.horizon, 0.45F), light.cloud, 0.5F * light.cloud_cover);
  ambient_up_ = sky;
  // Light that the ground throws back.
  ambient_down_ = (sky * 0.6F + light.sun * (light.sun_direction.y * 0.8F)) * 0.22F;
  if (average(light.sun) > 0.02F) {
    const int resolution = std::clamp(detail * 3 / 4, 256, 1024);
    near_sun_.emplace(geometry, light.sun_direction, kNearCenter, kNearRadius, resolution);
    far_sun_.emplace(geometry, light.sun_direction, kFarCenter, kFarRadius, resolution);
  }
}

float Shading::sun_share(const Hit& hit) const {
  if (!near_sun_ || dot(hit.normal, light_.sun_direction) <= -0.4F) {
    return 0.0F;
  }
  if (const auto near = near_sun_->light_at(hit.position, hit.normal)) {
    return *near;
  }
  return far_sun_->light_at(hit.position, hit.normal).value_or(1.0F);
}

Vec3 Shading::diffuse(const Surface& surface, const Hit& hit, float sunlit) const {
  const Vec3 outside = hit.position + hit.normal * 0.35F;
  // Far away nobody sees it.
  constexpr float kTypical = 0.85F;
  const float open =
      hit.pixel_metres < 0.05F ? open_sky_.open_share(outside, 1.3F).value_or(kTypical) : kTypical;
  const float facing = dot(hit.normal, light_.sun_direction);
  const float direct = std::max(facing, 0.0F);
  const float through = surface.see_through * std::max(-facing, 0.0F) + 0.3F * surface.see_through;
  const Vec3 ambient =
      lerp(ambient_down_, ambient_up_, 0.5F + 0.5F * hit.normal.y) * lerp(0.38F, 1.0F, open);
  return surface.albedo * (light_.sun * (sunlit * (direct + through)) + ambient);
}

Vec3 Shading::mirrored(const Surface& surface, const Hit& hit, Vec3 view, float sunlit) const {
  if (surface.gloss <= 0) {
    return {};
  }
  const float cosine_view = clamp01(dot(hit.normal, view));
  const float k = 1 - cosine_view;
  const float fresnel = surface.gloss * (0.045F + 0.955F * k * k * k * k * k);
  if (fresnel < 0.003F) {
    return {};
  }
  const Vec3 direction = hit.normal * (2 * dot(hit.normal, view)) - view;
  // Low down stand houses and trees, not the sky.
  const Vec3 surroundings = lerp(ambient_down_, light_.haze, 0.3F) * 0.8F;
  const Vec3 seen =
      lerp(surroundings, sky_gradient(light_, direction), smooth_step(0.02F, 0.35F, direction.y));
  Vec3 color = seen * fresnel;
  const float towards_sun = dot(direction, light_.sun_direction);
  if (towards_sun > 0.9F && sunlit > 0) {
    color = color + light_.sun * (sunlit * surface.gloss * power(towards_sun, 180.0F) * 1.5F);
  }
  return color;
}

Vec3 Shading::radiance(const Geometry& geometry, const Hit& hit, Vec3 eye) const {
  const Part& part = geometry.parts[geometry.triangles[hit.triangle].part];
  const Surface surface = surface_at(geometry, part, hit, light_.wetness, light_.lamps);
  const Vec3 to_eye = eye - hit.position;
  const float distance = length(to_eye);
  const Vec3 view = to_eye * (1.0F / distance);
  const float sunlit = sun_share(hit);
  const Vec3 color =
      diffuse(surface, hit, sunlit) + mirrored(surface, hit, view, sunlit) + surface.emission;
  const float clear = exp_of(-light_.haze_density * distance);
  return lerp(light_.haze, color, clear);
}

}  // namespace mtmi::scenes
