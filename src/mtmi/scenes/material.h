// What the parts of a scene look like close up.
#pragma once

#include "mtmi/scenes/geometry.h"
#include "mtmi/scenes/lane_vec.h"
#include "mtmi/scenes/lanes.h"

namespace mtmi::scenes {

/// Points of surfaces under pixels, four side by side.
struct Hit {
  Vectors position;
  Vectors normal;  ///< unit length, towards the eye
  Pairs uv;
  Pairs footprint;      ///< how much of u and v a pixel covers
  Floats pixel_metres;  ///< how wide a pixel is at this distance
  Words triangle;
  Mask is_back;  ///< the vertices' normals look away from the eye
};

/// What light does there.
struct Surface {
  Vectors albedo;
  Floats gloss{};
  Vectors emission{};
  Floats see_through{};  ///< leaves: how much light passes from behind
};

/// Whether the material looks at Hit::footprint.
[[nodiscard]] constexpr bool has_fine_pattern(Material material) {
  return material != Material::Plain && material != Material::Foliage &&
         material != Material::Clothes && material != Material::Lamp;
}

/// The surfaces of `part` at `hit`. `wetness` and `lamps` are the Light's. Patterns that are
/// smaller than a pixel fade into their average.
[[nodiscard]] Surface surface_at(
    const Geometry& geometry, const Part& part, const Hit& hit, float wetness, float lamps);

/// The share of a pixel of width `footprint` around x that lies in [low, high].
[[nodiscard]] inline Floats box_share(Floats x, Floats low, Floats high, Floats footprint) {
  const Floats width = larger(1e-4F, footprint);
  const Mask is_near = !((x < low - width) | (x > high + width));
  if (!any(is_near)) {
    return 0.0F;  // most boxes are elsewhere
  }
  const Floats a = clamp01((x - low) / width + 0.5F);
  const Floats b = clamp01((x - high) / width + 0.5F);
  return select(is_near, a - b, 0.0F);
}

/// Every other row of slabs or bricks is moved by half of one.
[[nodiscard]] inline Floats shift_of(Ints row) {
  return select((row & 1) == 0, 0.0F, 0.5F);
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
