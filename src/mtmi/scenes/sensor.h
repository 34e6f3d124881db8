// From radiance to the bytes of a camera: lens, exposure, noise, tone curve.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/renderer.h"

namespace mtmi::scenes {

/// One camera's habits.
struct Sensor {
  float exposure = 1.0F;  ///< relative to the automatic one
  float blur = 0.1F;      ///< share of light that each neighbour gets, 0..0.2
  float vignette = 0.2F;  ///< loss of light in the corners
  float noise = 0.01F;    ///< standard deviation in mid gray, of full scale
  float contrast = 1.0F;  ///< of the tone curve; 1: plain sRGB with a soft shoulder
  float warmth = 0.0F;    ///< error of the white balance, -0.1 (blue) .. 0.1 (red)
  std::uint32_t seed = 0;
};

[[nodiscard]] Sensor make_sensor(Random& random);

/// Exposes automatically for the picture's mean, then as `sensor` says.
[[nodiscard]] vision::Image develop(RadianceImage radiance, const Sensor& sensor);

}  // namespace mtmi::scenes
