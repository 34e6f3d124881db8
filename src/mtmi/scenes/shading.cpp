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

Floats Shading::sun_share(const Hit& hit) const {
  const Mask may_shine = !(dot(hit.normal, light_.sun_direction) <= -0.4F);
  if (!near_sun_ || !any(may_shine)) {
    return 0.0F;
  }
  const auto [near_share, is_near] = near_sun_->light_at(hit.position, hit.normal);
  if (!any(may_shine & !is_near)) {
    return select(may_shine, near_share, 0.0F);
  }
  const auto [far_share, is_far] = far_sun_->light_at(hit.position, hit.normal);
  const Floats share = select(is_near, near_share, select(is_far, far_share, 1.0F));
  return select(may_shine, share, 0.0F);
}

Vectors Shading::diffuse(const Surface& surface, const Hit& hit, Floats sunlit) const {
  Floats open = 0.85F;  // a typical share: far away nobody sees it
  const Mask is_close = hit.pixel_metres < 0.05F;
  if (any(is_close)) {
    const Vectors outside = hit.position + hit.normal * 0.35F;
    const auto [share, is_known] = open_sky_.open_share(outside, 1.3F);
    open = select(is_close & is_known, share, open);
  }
  const Floats facing = dot(hit.normal, light_.sun_direction);
  const Floats direct = larger(facing, 0.0F);
  const Floats through = surface.see_through * larger(-facing, 0.0F) + 0.3F * surface.see_through;
  const Vectors ambient =
      lerp(ambient_down_, ambient_up_, 0.5F + 0.5F * hit.normal.y) * lerp(0.38F, 1.0F, open);
  return surface.albedo * (light_.sun * (sunlit * (direct + through)) + ambient);
}

Vectors Shading::mirrored(const Surface& surface,
                          const Hit& hit,
                          const Vectors& view,
                          Floats sunlit) const {
  if (!any(surface.gloss > 0.0F)) {
    return {};
  }
  const Floats facing = dot(hit.normal, view);
  const Floats k = 1.0F - clamp01(facing);
  const Floats fresnel = surface.gloss * (0.045F + 0.955F * k * k * k * k * k);
  const Mask is_seen = (surface.gloss > 0.0F) & !(fresnel < 0.003F);
  if (!any(is_seen)) {
    return {};
  }
  const Vectors direction = hit.normal * (2.0F * facing) - view;
  // Low down stand houses and trees, not the sky.
  const Vec3 surroundings = lerp(ambient_down_, light_.haze, 0.3F) * 0.8F;
  const Vectors seen =
      lerp(surroundings, sky_gradient(light_, direction), smooth_step(0.02F, 0.35F, direction.y));
  Vectors color = seen * fresnel;
  const Floats towards_sun = dot(direction, light_.sun_direction);
  const Mask has_sun = is_seen & (towards_sun > 0.9F) & (sunlit > 0.0F);
  if (any(has_sun)) {
    const Floats glint = sunlit * surface.gloss * power(has_sun, towards_sun, 180.0F) * 1.5F;
    color = select(has_sun, color + light_.sun * glint, color);
  }
  return select(is_seen, color, Vec3{});
}

Vectors Shading::radiance(const Geometry& geometry,
                          const Part& part,
                          const Hit& hit,
                          Vec3 eye) const {
  const Surface surface = surface_at(geometry, part, hit, light_.wetness, light_.lamps);
  const Vectors to_eye = eye - hit.position;
  const Floats distance = length(to_eye);
  const Vectors view = to_eye * (1.0F / distance);
  const Floats sunlit = sun_share(hit);
  const Vectors color =
      diffuse(surface, hit, sunlit) + mirrored(surface, hit, view, sunlit) + surface.emission;
  const Floats clear = exp_of(-light_.haze_density * distance);
  return lerp(light_.haze, color, clear);
}

}  // namespace mtmi::scenes
