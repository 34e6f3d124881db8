// Puts solids together from triangles.
#pragma once

#include <span>

#include "mtmi/scenes/geometry.h"

namespace mtmi::scenes {

/// Where an object stands: its local frame (x right, y up, z forward) turned around the vertical
/// and moved; on a slope y grows with z.
struct Placement {
  Vec3 origin;
  float cos_yaw = 1;
  float sin_yaw = 0;
  float slope = 0;

  [[nodiscard]] Vec3 direction(Vec3 local) const {
    return {local.x * cos_yaw + local.z * sin_yaw, local.y, local.z * cos_yaw - local.x * sin_yaw};
  }

  [[nodiscard]] Vec3 point(Vec3 local) const {
    return origin + direction({local.x, local.y + slope * local.z, local.z});
  }

  /// This placement turned by `yaw` [radians] more, its origin moved to `local`.
  [[nodiscard]] Placement at(Vec3 local, float yaw = 0) const;
};

/// Looking along `heading` (0: along z; to the right > 0) [radians].
[[nodiscard]] Placement placed_at(Vec3 origin, float heading, float slope = 0);

/// A size around a centre, e.g. of a box [m].
struct Extent {
  Vec3 center;
  Vec3 size;
};

/// Adds solids to a Geometry, at the current placement and with the current part. Solids are
/// two-sided: the shading turns normals to the eye. One thread.
class Builder {
 public:
  explicit Builder(Geometry& geometry) : geometry_(geometry) {}

  void place(const Placement& placement) { placement_ = placement; }

  /// Places what follows, up to the next call, as one of Geometry::objects.
  void start_object(const Placement& placement);

  [[nodiscard]] const Placement& placement() const { return placement_; }

  /// What follows is of this part.
  void use(const Part& part);

  /// A vertex in local coordinates; returns its number.
  std::uint32_t vertex(Vec3 position, Vec3 normal, Vec2 uv);
  void triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c);

  /// A flat quadrilateral, corners in order; uv 0..(u, v) from a along ab and ad.
  void quad(Vec3 a, Vec3 b, Vec3 c, Vec3 d, Vec2 uv_origin = {}, Vec2 uv_size = {1, 1});

  /// A box; on its four sides u = metres along, v = height above the local origin.
  void box(const Extent& extent);
  /// A box whose top is scaled by (x, z) around its centre.
  void tapered_box(const Extent& extent, Vec2 top_scale);

  /// From `a` (radius ra) to `b` (radius rb), with smooth sides; closed at the ends if `caps`.
  void tube(Vec3 a, Vec3 b, float ra, float rb, int sides, bool caps = true);

  /// A disc around `center` facing `normal`, uv = metres from the centre.
  void disc(Vec3 center, Vec3 normal, float radius, int sides);

  void ellipsoid(Vec3 center, Vec3 radii, int rings, int sides);

  /// One cross-section of a loft: a rounded box in the plane z.
  struct Section {
    float z;
    float half_width;
    float bottom;
    float top;
  };

  /// A smooth skin over `sections` in order of z, closed at both ends; u = z, v = y.
  void loft(std::span<const Section> sections);

 private:
  Geometry& geometry_;
  Placement placement_;
  std::uint32_t part_ = 0;
};

}  // namespace mtmi::scenes
