// What a parallel light sees first: shadows of the sun, and of the open sky.
#pragma once

#include <optional>

#include "mtmi/scenes/geometry.h"
#include "mtmi/scenes/raster.h"

namespace mtmi::scenes {

/// A square of the world as the light sees it. Thread-compatible once built.
class ShadowMap {
 public:
  /// What is seen from `direction` (towards the light), for points within `radius` [m] of `center`,
  /// on resolution x resolution samples.
  ShadowMap(const Geometry& geometry, Vec3 direction, Vec3 center, float radius, int resolution);

  /// 0 in shadow .. 1 in the light, smooth over one sample; nothing if `point` is not on the map.
  [[nodiscard]] std::optional<float> light_at(Vec3 point, Vec3 normal) const;

  /// The share of the light that reaches a disc of `radius` [m] around `point`: 5 samples. Nothing
  /// if the disc is not on the map.
  [[nodiscard]] std::optional<float> open_share(Vec3 point, float radius) const;

 private:
  [[nodiscard]] ScreenVertex project(Vec3 point) const {
    const Vec3 p = point - center_;
    const float middle = static_cast<float>(resolution_) * 0.5F;
    return {middle + dot(p, right_) * samples_per_metre_,
            middle + dot(p, up_) * samples_per_metre_,
            dot(p, direction_)};
  }

  [[nodiscard]] bool is_inside(const ScreenVertex& p, float margin) const;
  [[nodiscard]] float visible(int y, int x, float w) const;

  Vec3 direction_;
  Vec3 right_;
  Vec3 up_;
  Vec3 center_;
  float samples_per_metre_;
  int resolution_;
  DepthMap seen_;
};

}  // namespace mtmi::scenes
