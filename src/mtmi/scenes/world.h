// A whole scene before it is rendered.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/camera.h"
#include "mtmi/scenes/geometry.h"
#include "mtmi/scenes/light.h"

namespace mtmi::scenes {

struct World {
  Geometry geometry;
  Light light;
  Camera camera;
};

/// A street as seen from a car in its right lane. The level of detail fits an image of
/// height x width; it also decides how many random numbers things take, so what stands there
/// depends on it. Pre: height, width >= 1.
[[nodiscard]] World make_world(Random& random, int height, int width, CameraRange cameras);

}  // namespace mtmi::scenes
