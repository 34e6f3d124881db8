// The pinhole camera behind a scene.
#pragma once

namespace mtmi::scenes {

/// Pixel (column x, row y) covers [x, x+1) x [y, y+1); labels and depths are those of its centre
/// (x + 0.5, y + 0.5). A point at (X right, Y down, Z forward) [m] in the camera's frame is seen at
/// (cx + focal * X / Z, cy + focal * Y / Z), and its depth is Z. The camera has no roll.
struct Camera {
  float focal = 0;  ///< [pixels]
  float cx = 0;     ///< the principal point [pixels]
  float cy = 0;
  float height = 0;  ///< above the road under it [m]
  float pitch = 0;   ///< > 0 looks up [radians]

  bool operator==(const Camera&) const = default;
};

}  // namespace mtmi::scenes
