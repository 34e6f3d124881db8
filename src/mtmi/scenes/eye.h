// The eye behind a camera, in the world.
#pragma once

#include "mtmi/scenes/camera.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/lane_vec.h"
#include "mtmi/scenes/raster.h"
#include "mtmi/scenes/vec.h"

namespace mtmi::scenes {

/// A camera's place and axes; it stands above (0, 0, 0).
struct Eye {
  explicit Eye(const Camera& c)
      : camera(c),
        position{0, c.height, 0},
        forward{0, sine(c.pitch), cosine(c.pitch)},
        down{0, -cosine(c.pitch), sine(c.pitch)} {}

  /// x right, y down, z forward, from the eye.
  [[nodiscard]] Vectors in_frame(const Vectors& points) const {
    const Vectors p = points - position;
    return {p.x, dot(p, down), dot(p, forward)};
  }

  [[nodiscard]] ScreenVertices project(const Vectors& in_frame) const {
    const Floats w = 1.0F / in_frame.z;
    return {
        camera.cx + camera.focal * in_frame.x * w, camera.cy + camera.focal * in_frame.y * w, w};
  }

  /// The points at depth 1 seen at (x, y), from the eye.
  [[nodiscard]] Vectors ray(Floats x, Floats y) const {
    const Floats right = (x - camera.cx) / camera.focal;
    return forward + down * ((y - camera.cy) / camera.focal) + Vectors{right, 0.0F, 0.0F};
  }

  Camera camera;
  Vec3 position;
  Vec3 forward;
  Vec3 down;
};

}  // namespace mtmi::scenes
