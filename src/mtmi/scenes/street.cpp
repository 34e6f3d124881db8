#include "mtmi/scenes/street.h"

#include <algorithm>

#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {
namespace {

constexpr float kLevelUntil = 12.0F;  // [m]
constexpr float kMaxCurvature = 1.0F / 45.0F;

}  // namespace

Street::Street(const Course& course) : course_(course) {
  // Walked in steps of a metre from s = 0 both ways; behind the eye it is straight.
  const int before = -floor_int(course.s_begin);
  const int after = floor_int(course.s_end) + 1;
  points_.resize(static_cast<std::size_t>(before + after + 1));
  const auto point = [&](int i) -> Point& { return points_[static_cast<std::size_t>(i + before)]; };
  point(0) = {course.origin.x, course.origin.z, course.heading};
  for (int i = 0; i > -before; --i) {
    const Point& p = point(i);
    point(i - 1) = {p.x - sine(p.heading), p.z - cosine(p.heading), p.heading};
  }
  for (int i = 0; i < after; ++i) {
    const Point& p = point(i);
    const float bend = course.curvature + course.curvature_change * static_cast<float>(i);
    const float turned = p.heading + clamp(bend, -kMaxCurvature, kMaxCurvature);
    const float middle = (p.heading + turned) * 0.5F;
    point(i + 1) = {p.x + sine(middle), p.z + cosine(middle), turned};
  }
}

float Street::height(float s) const {
  const float u = std::max(0.0F, s - kLevelUntil);
  return course_.origin.y + course_.grade * u * u / (u + 30.0F);
}

float Street::slope(float s) const {
  return height(s + 0.5F) - height(s - 0.5F);
}

float Street::heading(float s) const {
  const float at = clamp(s - course_.s_begin, 0, static_cast<float>(points_.size() - 1));
  return points_[static_cast<std::size_t>(at)].heading;
}

Vec3 Street::at(float s, float t, float h) const {
  const float along = s - course_.s_begin;
  const auto last = static_cast<float>(points_.size() - 2);
  const float whole = clamp(static_cast<float>(floor_int(along)), 0, last);
  const Point& a = points_[static_cast<std::size_t>(whole)];
  const Point& b = points_[static_cast<std::size_t>(whole) + 1];
  const float rest = along - whole;
  const float angle = lerp(a.heading, b.heading, clamp01(rest));
  return {lerp(a.x, b.x, rest) + cosine(angle) * t,
          height(s) + h,
          lerp(a.z, b.z, rest) - sine(angle) * t};
}

Placement Street::place(float s, float t, float yaw) const {
  const float direction = cosine(yaw);
  return placed_at(at(s, t), heading(s) + yaw, slope(s) * direction);
}

void add_strip(
    Builder& builder, const Street& street, float s0, float s1, Profile left, Profile right) {
  const Placement old = builder.placement();
  builder.place({});
  std::uint32_t last[2] = {0, 0};
  bool first = true;
  float s = s0;
  for (;;) {
    const Vec3 across = street.at(s, right.t, right.h) - street.at(s, left.t, left.h);
    const Vec3 along = street.at(s + 0.5F, 0) - street.at(s - 0.5F, 0);
    const Vec3 normal = normalized(cross(along, across));
    const std::uint32_t a = builder.vertex(street.at(s, left.t, left.h), normal, {s, left.t});
    const std::uint32_t b = builder.vertex(street.at(s, right.t, right.h), normal, {s, right.t});
    if (!first) {
      builder.triangle(last[0], a, b);
      builder.triangle(last[0], b, last[1]);
    }
    first = false;
    last[0] = a;
    last[1] = b;
    if (s >= s1) {
      break;
    }
    const float distance = s < 0 ? -s : s;
    s = std::min(s1, s + (distance < 40 ? 2.0F : 4.0F));
  }
  builder.place(old);
}

float StreetPlan::lane_t(int sign, int i) const {
  return static_cast<float>(sign) * (track * 0.5F + (static_cast<float>(i) + 0.5F) * lane_width);
}

float StreetPlan::lanes_edge(int sign) const {
  return static_cast<float>(sign) *
         (track * 0.5F + static_cast<float>(side(sign).lanes) * lane_width + side(sign).cycle_path);
}

float StreetPlan::carriageway_edge(int sign) const {
  return lanes_edge(sign) + static_cast<float>(sign) * (side(sign).parking + 0.2F);
}

float StreetPlan::verge_edge(int sign) const {
  return carriageway_edge(sign) + static_cast<float>(sign) * (0.15F + side(sign).verge);
}

float StreetPlan::sidewalk_edge(int sign) const {
  return verge_edge(sign) + static_cast<float>(sign) * side(sign).sidewalk;
}

float StreetPlan::height_at(float t) const {
  const int sign = t < 0 ? -1 : 1;
  const float out = t * static_cast<float>(sign);
  if (out <= carriageway_edge(sign) * static_cast<float>(sign)) {
    return 0;
  }
  const bool is_raised = side(sign).sidewalk > 0 || side(sign).verge > 0;
  const bool is_beside = out <= sidewalk_edge(sign) * static_cast<float>(sign);
  return is_raised && is_beside ? kerb : kLandHeight;
}

}  // namespace mtmi::scenes
