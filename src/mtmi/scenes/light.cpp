#include "mtmi/scenes/light.h"

#include <algorithm>

#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

Vec3 direction_to(float elevation, float azimuth) {
  return {cosine(elevation) * sine(azimuth), sine(elevation), cosine(elevation) * cosine(azimuth)};
}

void add_weather(Light& light, Random& random) {
  const float kind = random.uniform();
  light.cloud_cover = random.uniform(0.0F, 0.55F);
  light.haze_density = random.uniform(0.0004F, 0.0025F);
  if (kind > 0.55F) {  // overcast
    light.cloud_cover = random.uniform(0.85F, 1.0F);
    light.sun = light.sun * (kind > 0.72F ? 0.0F : random.uniform(0.05F, 0.3F));
    const Vec3 gray{0.95F, 1.0F, 1.06F};
    const float brightness = dot(light.zenith + light.horizon, {0.2F, 0.2F, 0.2F});
    light.zenith = lerp(light.zenith, gray * brightness, 0.85F);
    light.horizon = lerp(light.horizon, gray * (brightness * 1.25F), 0.85F);
    light.cloud = gray * (brightness * 1.1F);
    light.wetness = random.uniform() < 0.4F ? random.uniform(0.2F, 0.8F) : 0.0F;
  }
  if (kind > 0.90F) {  // fog
    light.haze_density = random.uniform(0.008F, 0.028F);
    light.sun = light.sun * 0.3F;
    light.cloud_cover = 1.0F;
  }
}

}  // namespace

Light make_light(Random& random) {
  Light light;
  light.seed = static_cast<std::uint32_t>(random.next());
  // More noon than dusk; from 5 to 65 degrees.
  const float height = random.uniform();
  const float elevation = 0.09F + 1.05F * height * height * 0.6F + 0.42F * height;
  light.sun_direction = direction_to(elevation, random.uniform(0.0F, 2 * kPi));
  const float low = 1.0F - smooth_step(0.1F, 0.55F, elevation);
  const float day = smooth_step(0.02F, 0.35F, elevation);
  light.sun = Vec3{1.0F, lerp(0.95F, 0.66F, low), lerp(0.88F, 0.36F, low)} * lerp(1.3F, 3.0F, day);
  light.zenith = lerp(Vec3{0.16F, 0.20F, 0.36F}, Vec3{0.22F, 0.42F, 0.85F}, day);
  light.horizon = lerp(Vec3{0.85F, 0.62F, 0.48F}, Vec3{0.80F, 0.92F, 1.05F}, day);
  light.cloud = lerp(Vec3{0.80F, 0.66F, 0.60F}, Vec3{1.5F, 1.5F, 1.5F}, day);
  light.lamps = low > 0.8F && random.uniform() < 0.6F ? 1.0F : 0.0F;
  add_weather(light, random);
  light.haze = lerp(light.horizon, light.cloud, 0.25F * light.cloud_cover);
  return light;
}

Vectors sky_gradient(const Light& light, const Vectors& direction) {
  const Floats up = clamp01(direction.y);
  // A square root: the colour changes quickly near the horizon.
  const Vectors clear = lerp(light.horizon, light.zenith, square_root(up));
  return lerp(clear, light.haze, smooth_step(0.10F, -0.02F, direction.y) * 0.8F);
}

namespace {

Vectors sun_glow(const Light& light, const Vectors& direction) {
  const Floats towards_sun = dot(direction, light.sun_direction);
  const Mask is_near = towards_sun > 0.7F;  // elsewhere the glow is under 1e-4
  if (!any(is_near)) {
    return {};
  }
  const Floats glow =
      power(is_near, towards_sun, 24.0F) * 0.25F + power(is_near, towards_sun, 700.0F) * 4.0F;
  return light.sun * (glow * (1 - 0.8F * light.cloud_cover));
}

// With clouds and sun, but without the haze before them.
Vectors sky_above(const Light& light, const Vectors& direction) {
  const Vectors color = sky_gradient(light, direction) + sun_glow(light, direction);
  const Floats up = direction.y + 0.06F;
  const Mask has_clouds = !(up <= 0.0F);
  if (!any(has_clouds)) {
    return color;
  }
  // Clouds on a layer seen in perspective, thin towards the horizon.
  const Floats x = direction.x / up * 1.4F + 50.0F;
  const Floats y = direction.z / up * 1.4F + 50.0F;
  const Floats density = fractal_noise(x, y, 4, 0.01F / up, light.seed);
  const float threshold = lerp(0.78F, 0.18F, light.cloud_cover);
  const Floats cover = smooth_step(threshold - 0.06F, threshold + 0.16F, density);
  const Floats thickness = smooth_step(threshold, threshold + 0.35F, density);
  const Vectors shaded = light.cloud * lerp(1.0F, 0.62F, thickness);
  const Vectors clouded = lerp(color, shaded, cover * smooth_step(0.0F, 0.12F, direction.y));
  return select(has_clouds, clouded, color);
}

}  // namespace

Vectors sky_color(const Light& light, const Vectors& direction) {
  // The haze lies about 70 m thick on the ground.
  const Floats path = 70.0F / larger(direction.y, 0.02F);
  const Floats clear = exp_of(-light.haze_density * path);
  const Mask is_haze = clear < 0.01F;
  if (!any(!is_haze)) {
    return light.haze;
  }
  return select(is_haze, light.haze, lerp(light.haze, sky_above(light, direction), clear));
}

}  // namespace mtmi::scenes
