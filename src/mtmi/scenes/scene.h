// Synthetic driving scenes with exact labels and depth.
#pragma once

#include <cstdint>

#include "mtmi/scenes/camera.h"
#include "mtmi/vision/raster.h"

namespace mtmi::scenes {

struct SceneSize {
  int height = 1024;
  int width = 1024;
};

/// One picture of a street and the truth about it, pixel by pixel.
struct Scene {
  vision::Image image;
  vision::Gray8Image labels;  ///< Cityscapes train ids 0..18; 255 = ignore
  vision::FloatImage depth;   ///< along the optical axis [m]; 0 = none (the sky)
  Camera camera;
};

/// First seeds by purpose, a thousand each; below kTrainingSeed is for demos and experiments.
/// Nothing is measured on what was trained or calibrated on.
inline constexpr std::uint64_t kTrainingSeed = 1000;
inline constexpr std::uint64_t kCalibrationSeed = 2000;
inline constexpr std::uint64_t kEvaluationSeed = 3000;

/// Scene `index` of the endless series `seed`. The same arguments give the same bits on every
/// machine, with every compiler, for any number of threads that call it. Another size shows the
/// same street with another level of detail, which can also change what stands there; other cameras
/// see the same street. Pre: 16 <= height,
/// width <= 8192. Throws Error(OutOfMemory).
[[nodiscard]] Scene render_scene(std::uint64_t seed,
                                 std::uint64_t index,
                                 SceneSize size,
                                 CameraRange cameras = CameraRange::Car);

}  // namespace mtmi::scenes
