// What lights a scene: sun, sky, haze.
#pragma once

#include <cstdint>

#include "mtmi/core/random.h"
#include "mtmi/scenes/lane_vec.h"
#include "mtmi/scenes/vec.h"

namespace mtmi::scenes {

/// Colours are linear light; white paper in full sun is about 3.
struct Light {
  Vec3 sun_direction{0, 1, 0};  ///< towards the sun
  Vec3 sun;                     ///< zero where clouds cover it
  Vec3 zenith;                  ///< the clear sky's colour overhead
  Vec3 horizon;
  Vec3 cloud;
  Vec3 haze;               ///< what far things fade into
  float cloud_cover = 0;   ///< 0 clear .. 1 overcast
  float haze_density = 0;  ///< [1/m]
  float wetness = 0;       ///< of the road: 0 dry .. 1 mirrors
  float lamps = 0;         ///< street and vehicle lamps: 0 off .. 1 at dusk
  std::uint32_t seed = 0;
};

/// A time of day and a weather.
[[nodiscard]] Light make_light(Random& random);

/// The sky as seen along each `direction` (unit length); below the horizon it is the haze.
[[nodiscard]] Vectors sky_color(const Light& light, const Vectors& direction);

/// The same without clouds and sun: for reflections and diffuse light.
[[nodiscard]] Vectors sky_gradient(const Light& light, const Vectors& direction);

}  // namespace mtmi::scenes
