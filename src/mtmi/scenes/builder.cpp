#include "mtmi/scenes/builder.h"

#include <array>

#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {

Placement Placement::at(Vec3 local, float yaw) const {
  const float c = cosine(yaw);
  const float s = sine(yaw);
  return {.origin = point(local),
          .cos_yaw = cos_yaw * c - sin_yaw * s,
          .sin_yaw = sin_yaw * c + cos_yaw * s,
          .slope = slope * c};
}

Placement placed_at(Vec3 origin, float heading, float slope) {
  return {.origin = origin, .cos_yaw = cosine(heading), .sin_yaw = sine(heading), .slope = slope};
}

void Builder::start_object(const Placement& placement) {
  place(placement);
  geometry_.objects.push_back(static_cast<std::uint32_t>(geometry_.triangles.size()));
}

void Builder::use(const Part& part) {
  part_ = static_cast<std::uint32_t>(geometry_.parts.size());
  geometry_.parts.push_back(part);
}

std::uint32_t Builder::vertex(Vec3 position, Vec3 normal, Vec2 uv) {
  geometry_.vertices.push_back({placement_.point(position), placement_.direction(normal), uv});
  return static_cast<std::uint32_t>(geometry_.vertices.size() - 1);
}

void Builder::triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  geometry_.triangles.push_back({{a, b, c}, part_});
}

void Builder::quad(Vec3 a, Vec3 b, Vec3 c, Vec3 d, Vec2 uv_origin, Vec2 uv_size) {
  const Vec3 normal = normalized(cross(c - a, d - b));
  const float u = uv_origin.x + uv_size.x;
  const float v = uv_origin.y + uv_size.y;
  const std::uint32_t first = vertex(a, normal, uv_origin);
  vertex(b, normal, {u, uv_origin.y});
  vertex(c, normal, {u, v});
  vertex(d, normal, {uv_origin.x, v});
  triangle(first, first + 1, first + 2);
  triangle(first, first + 2, first + 3);
}

void Builder::box(const Extent& extent) {
  tapered_box(extent, {1, 1});
}

void Builder::tapered_box(const Extent& extent, Vec2 top_scale) {
  const Vec3 h = extent.size * 0.5F;
  const auto corner = [&](float x, float y, float z) {
    const bool top = y > 0;
    return extent.center +
           Vec3{x * h.x * (top ? top_scale.x : 1), y * h.y, z * h.z * (top ? top_scale.y : 1)};
  };
  const float low = extent.center.y - h.y;
  const auto side = [&](float xa, float za, float xb, float zb, float width) {
    quad(corner(xa, -1, za),
         corner(xb, -1, zb),
         corner(xb, 1, zb),
         corner(xa, 1, za),
         {0, low},
         {width, extent.size.y});
  };
  side(-1, -1, 1, -1, extent.size.x);
  side(1, -1, 1, 1, extent.size.z);
  side(1, 1, -1, 1, extent.size.x);
  side(-1, 1, -1, -1, extent.size.z);
  const Vec2 area{extent.size.x, extent.size.z};
  quad(corner(-1, 1, -1), corner(1, 1, -1), corner(1, 1, 1), corner(-1, 1, 1), {}, area);
  quad(corner(-1, -1, -1), corner(-1, -1, 1), corner(1, -1, 1), corner(1, -1, -1), {}, area);
}

void Builder::tube(Vec3 a, Vec3 b, float ra, float rb, int sides, bool caps) {
  const Vec3 axis = normalized(b - a);
  const Vec3 not_parallel = axis.y > 0.9F || axis.y < -0.9F ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
  const Vec3 right = normalized(cross(not_parallel, axis));
  const Vec3 up = cross(axis, right);
  const float height = length(b - a);
  const auto first = static_cast<std::uint32_t>(geometry_.vertices.size());
  for (int i = 0; i <= sides; ++i) {
    const float turn = static_cast<float>(i) / static_cast<float>(sides);
    const Vec3 out = right * cosine(2 * kPi * turn) + up * sine(2 * kPi * turn);
    vertex(a + out * ra, out, {turn, 0});
    vertex(b + out * rb, out, {turn, height});
  }
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(sides); ++i) {
    triangle(first + 2 * i, first + 2 * i + 2, first + 2 * i + 3);
    triangle(first + 2 * i, first + 2 * i + 3, first + 2 * i + 1);
  }
  if (caps) {
    disc(a, -axis, ra, sides);
    disc(b, axis, rb, sides);
  }
}

void Builder::disc(Vec3 center, Vec3 normal, float radius, int sides) {
  const Vec3 not_parallel = normal.y > 0.9F || normal.y < -0.9F ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
  const Vec3 right = normalized(cross(not_parallel, normal));
  const Vec3 up = cross(normal, right);
  const std::uint32_t hub = vertex(center, normal, {0, 0});
  for (int i = 0; i <= sides; ++i) {
    const float angle = 2 * kPi * static_cast<float>(i) / static_cast<float>(sides);
    const Vec2 uv{radius * cosine(angle), radius * sine(angle)};
    const std::uint32_t rim = vertex(center + right * uv.x + up * uv.y, normal, uv);
    if (i > 0) {
      triangle(hub, rim - 1, rim);
    }
  }
}

void Builder::ellipsoid(Vec3 center, Vec3 radii, int rings, int sides) {
  const auto first = static_cast<std::uint32_t>(geometry_.vertices.size());
  for (int r = 0; r <= rings; ++r) {
    const float polar = kPi * static_cast<float>(r) / static_cast<float>(rings);
    for (int i = 0; i <= sides; ++i) {
      const float angle = 2 * kPi * static_cast<float>(i) / static_cast<float>(sides);
      const Vec3 unit{sine(polar) * cosine(angle), cosine(polar), sine(polar) * sine(angle)};
      const Vec3 normal{unit.x / radii.x, unit.y / radii.y, unit.z / radii.z};
      vertex(center + unit * radii, normalized(normal), {angle, polar});
    }
  }
  const auto columns = static_cast<std::uint32_t>(sides + 1);
  for (std::uint32_t r = 0; r < static_cast<std::uint32_t>(rings); ++r) {
    for (std::uint32_t i = 0; i + 1 < columns; ++i) {
      const std::uint32_t at = first + r * columns + i;
      triangle(at, at + 1, at + columns + 1);
      triangle(at, at + columns + 1, at + columns);
    }
  }
}

void Builder::loft(std::span<const Section> sections) {
  constexpr std::size_t kRing = 8;
  // Around a section from the left sill over the top to the right sill: x in half widths, y in
  // heights, then the normal's x and y.
  constexpr float kProfile[kRing][4] = {{-0.93F, 0.00F, -1.0F, -0.3F},
                                        {-1.00F, 0.35F, -1.0F, 0.0F},
                                        {-0.97F, 0.75F, -1.0F, 0.25F},
                                        {-0.84F, 0.98F, -0.5F, 0.9F},
                                        {0.84F, 0.98F, 0.5F, 0.9F},
                                        {0.97F, 0.75F, 1.0F, 0.25F},
                                        {1.00F, 0.35F, 1.0F, 0.0F},
                                        {0.93F, 0.00F, 1.0F, -0.3F}};
  const auto first = static_cast<std::uint32_t>(geometry_.vertices.size());
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Section& s = sections[i];
    const Section& before = sections[i == 0 ? 0 : i - 1];
    const Section& after = sections[i + 1 == sections.size() ? i : i + 1];
    const float dz = after.z - before.z;
    const float rise = (after.top - before.top) / dz;
    const float widening = (after.half_width - before.half_width) / dz;
    for (const auto& p : kProfile) {
      const float y = s.bottom + (s.top - s.bottom) * p[1];
      const bool on_top = p[1] > 0.9F;
      const Vec3 normal{p[2], p[3], -(on_top ? rise * p[3] : widening)};
      vertex({p[0] * s.half_width, y, s.z}, normalized(normal), {s.z, y});
    }
  }
  const auto ring = static_cast<std::uint32_t>(kRing);
  for (std::uint32_t i = 0; i + 1 < sections.size(); ++i) {
    for (std::uint32_t k = 0; k + 1 < ring; ++k) {
      const std::uint32_t at = first + i * ring + k;
      triangle(at, at + 1, at + ring + 1);
      triangle(at, at + ring + 1, at + ring);
    }
  }
  for (const std::size_t end : {std::size_t{0}, sections.size() - 1}) {
    const Section& s = sections[end];
    const Vec3 normal{0, 0, end == 0 ? -1.0F : 1.0F};
    std::array<std::uint32_t, kRing> rim{};
    for (std::size_t k = 0; k < kRing; ++k) {
      const float y = s.bottom + (s.top - s.bottom) * kProfile[k][1];
      rim[k] = vertex({kProfile[k][0] * s.half_width, y, s.z}, normal, {s.z, y});
    }
    for (std::size_t k = 1; k + 1 < kRing; ++k) {
      triangle(rim[0], rim[k], rim[k + 1]);
    }
  }
}

}  // namespace mtmi::scenes
