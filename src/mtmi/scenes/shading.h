// From a surface and the light to the colour that the eye sees.
#pragma once

#include <optional>

#include "mtmi/scenes/light.h"
#include "mtmi/scenes/material.h"
#include "mtmi/scenes/shadow_map.h"

namespace mtmi::scenes {

/// The light of one scene with its shadows. Thread-compatible once built.
class Shading {
 public:
  /// `detail` is about the square root of the image's pixels: it sets the shadows' resolution.
  Shading(const Geometry& geometry, const Light& light, int detail);

  /// The radiance that leaves the surfaces of `part` at `hit` towards the eye at `eye`.
  [[nodiscard]] Vectors radiance(const Geometry& geometry,
                                 const Part& part,
                                 const Hit& hit,
                                 Vec3 eye) const;

  /// The radiance of the sky along each `direction`.
  [[nodiscard]] Vectors sky(const Vectors& direction) const { return sky_color(light_, direction); }

 private:
  [[nodiscard]] Floats sun_share(const Hit& hit) const;
  [[nodiscard]] Vectors diffuse(const Surface& surface, const Hit& hit, Floats sunlit) const;
  [[nodiscard]] Vectors mirrored(const Surface& surface,
                                 const Hit& hit,
                                 const Vectors& view,
                                 Floats sunlit) const;

  Light light_;
  Vec3 ambient_up_;
  Vec3 ambient_down_;
  std::optional<ShadowMap> near_sun_;
  std::optional<ShadowMap> far_sun_;
  ShadowMap open_sky_;
};

}  // namespace mtmi::scenes
