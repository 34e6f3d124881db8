// What a parallel light sees first: shadows of the sun, and of the open sky.
#pragma once

#include "mtmi/scenes/geometry.h"
#include "mtmi/scenes/lane_vec.h"
#include "mtmi/scenes/raster.h"

namespace mtmi::scenes {

/// A square of the world as the light sees it. Thread-compatible once built.
class ShadowMap {
 public:
  /// What is seen from `direction` (towards the light), for points within `radius` [m] of `center`,
  /// on resolution x resolution samples.
  ShadowMap(const Geometry& geometry, Vec3 direction, Vec3 center, float radius, int resolution);

  /// Answers for points of which some may not be on the map.
  struct Shares {
    Floats share;
    Mask is_known;
  };

  /// 0 in shadow .. 1 in the light, smooth over one sample.
  [[nodiscard]] Shares light_at(const Vectors& point, const Vectors& normal) const;

  /// The share of the light that reaches a disc of `radius` [m] around `point`: 5 samples. Known
  /// where the disc is on the map.
  [[nodiscard]] Shares open_share(const Vectors& point, float radius) const;

 private:
  [[nodiscard]] ScreenVertices project(const Vectors& point) const {
    const Vectors p = point - center_;
    const float middle = static_cast<float>(resolution_) * 0.5F;
    return {middle + dot(p, right_) * samples_per_metre_,
            middle + dot(p, up_) * samples_per_metre_,
            dot(p, direction_)};
  }

  [[nodiscard]] Mask is_inside(const ScreenVertices& p, float margin) const;
  [[nodiscard]] Floats visible(Ints sample, Floats w) const;

  Vec3 direction_;
  Vec3 right_;
  Vec3 up_;
  Vec3 center_;
  float samples_per_metre_;
  int resolution_;
  DepthMap seen_;
};

}  // namespace mtmi::scenes
