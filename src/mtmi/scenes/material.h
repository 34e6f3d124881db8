// What the parts of a scene look like close up.
#pragma once

#include "mtmi/scenes/geometry.h"

namespace mtmi::scenes {

/// A point of a surface under a pixel.
struct Hit {
  Vec3 position;
  Vec3 normal;  ///< unit length, towards the eye
  Vec2 uv;
  Vec2 footprint;          ///< how much of u and v a pixel covers
  float pixel_metres = 0;  ///< how wide a pixel is at this distance
  std::uint32_t triangle = 0;
  bool is_back = false;  ///< the vertices' normals look away from the eye
};

/// What light does there.
struct Surface {
  Vec3 albedo;
  float gloss = 0;
  Vec3 emission{};
  float see_through = 0;  ///< leaves: how much light passes from behind
};

/// Whether the material looks at Hit::footprint.
[[nodiscard]] constexpr bool has_fine_pattern(Material material) {
  return material != Material::Plain && material != Material::Foliage &&
         material != Material::Clothes && material != Material::Lamp;
}

/// The surface of `part` at `hit`. `wetness` and `lamps` are the Light's. Patterns that are smaller
/// than a pixel fade into their average.
[[nodiscard]] Surface surface_at(
    const Geometry& geometry, const Part& part, const Hit& hit, float wetness, float lamps);

/// The share of a pixel of width `footprint` around x that lies in [low, high].
[[nodiscard]] constexpr float box_share(float x, float low, float high, float footprint) {
  const float width = footprint > 1e-4F ? footprint : 1e-4F;
  if (x < low - width || x > high + width) {
    return 0;  // as the divisions below would say: most boxes are elsewhere
  }
  const float a = clamp01((x - low) / width + 0.5F);
  const float b = clamp01((x - high) / width + 0.5F);
  return a - b;
}

/// Leaves have u >= kLeafU; with Material::Foliage, what has less lies between them in the dark.
inline constexpr float kLeafU = 16;

inline constexpr int kSignStyles = 8;
inline constexpr int kFacadeStyles = 5;

Surface facade_surface(const Part& part, const Hit& hit, float lamps);
Surface street_surface(const Part& part, const Markings& markings, const Hit& hit, float wetness);
Surface sign_surface(const Part& part, const Hit& hit);
Surface vehicle_surface(const Part& part, const Hit& hit, float lamps);

}  // namespace mtmi::scenes
