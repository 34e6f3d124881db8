// The course of a street and its ground: carriageway, kerbs, pavements, and the land beside it.
#pragma once

#include <vector>

#include "mtmi/scenes/builder.h"

namespace mtmi::scenes {

/// A curve over the land with a cross-section: s [m] runs along it, t [m] to the right of it.
class Street {
 public:
  struct Course {
    Vec3 origin;                 ///< where s = 0, t = 0
    float heading = 0;           ///< there [radians]; 0 is along z, to the right > 0
    float curvature = 0;         ///< for s > 0, [1/m], to the right > 0
    float curvature_change = 0;  ///< per metre
    float grade = 0;             ///< slope far ahead; the first 12 m are level
    float s_begin = -20;
    float s_end = 230;
  };

  explicit Street(const Course& course);

  [[nodiscard]] float s_begin() const { return course_.s_begin; }

  [[nodiscard]] float s_end() const { return course_.s_end; }

  /// The point `h` metres above the street's surface at (s, t). Beyond the ends it goes straight
  /// on.
  [[nodiscard]] Vec3 at(float s, float t, float h = 0) const;
  [[nodiscard]] float heading(float s) const;
  [[nodiscard]] float slope(float s) const;

  /// A placement at (s, t), looking along the street, turned by `yaw`.
  [[nodiscard]] Placement place(float s, float t, float yaw = 0) const;

 private:
  [[nodiscard]] float height(float s) const;

  struct Point {
    float x;
    float z;
    float heading;
  };

  Course course_;
  std::vector<Point> points_;  // every metre from s_begin
};

/// A cross-section point: t and height above the carriageway.
struct Profile {
  float t;
  float h;
};

/// Covers the street from s0 to s1 between two profile points; uv = (s, t).
void add_strip(
    Builder& builder, const Street& street, float s0, float s1, Profile left, Profile right);

/// The widths of one side of a street, from the middle outwards [m].
struct SidePlan {
  int lanes = 1;
  float parking = 0;      ///< width of the parking lane; 0: none
  float cycle_path = 0;   ///< on the carriageway
  float sidewalk = 2.5F;  ///< 0: none
  float verge = 0;        ///< grass between carriageway and sidewalk
};

/// The land lies a little lower than the carriageway, which covers it.
inline constexpr float kLandHeight = -0.05F;

/// How wide everything is.
struct StreetPlan {
  SidePlan left;
  SidePlan right;
  float lane_width = 3.2F;
  float track = 0;       ///< width of a tram track in the middle; 0: none
  bool one_way = false;  ///< all lanes go ahead
  float kerb = 0.12F;    ///< height

  /// The plan of the side: -1 left, 1 right.
  [[nodiscard]] const SidePlan& side(int sign) const { return sign < 0 ? left : right; }

  /// The middle of lane `i` (0 is next to the middle of the street), signed.
  [[nodiscard]] float lane_t(int sign, int i) const;
  /// The outer edge of the lanes, of the carriageway, of the verge, of the sidewalk, signed.
  [[nodiscard]] float lanes_edge(int sign) const;
  [[nodiscard]] float carriageway_edge(int sign) const;
  [[nodiscard]] float verge_edge(int sign) const;
  [[nodiscard]] float sidewalk_edge(int sign) const;
  /// Of the ground at t: 0 on the carriageway, kerb beside it, kLandHeight beyond.
  [[nodiscard]] float height_at(float t) const;
};

}  // namespace mtmi::scenes
