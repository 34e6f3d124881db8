// A scene's geometry and light to radiance, labels and depth.
#pragma once

#include "mtmi/scenes/camera.h"
#include "mtmi/scenes/geometry.h"
#include "mtmi/scenes/light.h"
#include "mtmi/vision/raster.h"

namespace mtmi::scenes {

using RadianceImage = vision::Raster<float, 3>;

/// What the camera sees, pixel by pixel, before the sensor.
struct Rendering {
  RadianceImage radiance;     ///< linear light, averaged over four samples a pixel
  vision::Gray8Image labels;  ///< of the pixel's centre
  vision::FloatImage depth;   ///< of the pixel's centre [m]; 0 for the sky
};

/// Renders `geometry`, which is in the world of the camera: its eye is at (0, camera.height, 0), it
/// looks along z, tilted by its pitch. Pre: height, width >= 1.
[[nodiscard]] Rendering render(
    Geometry geometry, const Light& light, const Camera& camera, int height, int width);

}  // namespace mtmi::scenes
