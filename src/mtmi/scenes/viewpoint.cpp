#include "mtmi/scenes/viewpoint.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <span>

#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {
namespace {

constexpr int kDirections = 64;
constexpr int kAhead = 5;             // directions to each side of z: 28 degrees, about a picture's
constexpr float kClearAhead = 15.0F;  // [m]; no bend is so tight that its houses stand there

/// What an object's section at the height of the eye looks like from there: the distance of the
/// nearest point in each direction all around.
class Horizon {
 public:
  Horizon() {
    nearest_.fill(std::numeric_limits<float>::infinity());
    for (int i = 0; i < kDirections; ++i) {
      const float angle = 2 * kPi * static_cast<float>(i) / kDirections;
      directions_[static_cast<std::size_t>(i)] = {sine(angle), cosine(angle)};
    }
  }

  void forget() { nearest_.fill(std::numeric_limits<float>::infinity()); }

  /// Adds the line from `a` to `b`, seen from the eye: x to the right, y ahead.
  void add(Vec2 a, Vec2 b) {
    for (std::size_t i = 0; i < directions_.size(); ++i) {
      const Vec2 d = directions_[i];
      const float off_a = d.x * a.y - d.y * a.x;
      const float off_b = d.x * b.y - d.y * b.x;
      if ((off_a < 0) == (off_b < 0)) {
        continue;
      }
      const Vec2 met = a + (b + a * -1) * (off_a / (off_a - off_b));
      const float distance = met.x * d.x + met.y * d.y;
      if (distance > 0) {
        nearest_[i] = std::min(nearest_[i], distance);
      }
    }
  }

  /// A solid that the eye is outside of covers half of the directions at most.
  [[nodiscard]] bool is_around() const {
    const auto covered = std::count_if(nearest_.begin(), nearest_.end(), [](float distance) {
      return distance < std::numeric_limits<float>::infinity();
    });
    return covered * 4 >= kDirections * 3;
  }

  [[nodiscard]] bool hides_the_view() const {
    int covered = 0;
    for (int i = -kAhead; i <= kAhead; ++i) {
      const auto at = static_cast<std::size_t>((i + kDirections) % kDirections);
      covered += nearest_[at] < kClearAhead ? 1 : 0;
    }
    return covered * 2 > 2 * kAhead + 1;
  }

 private:
  std::array<Vec2, kDirections> directions_{};
  std::array<float, kDirections> nearest_{};
};

Vec2 seen_from_above(Vec3 point) {
  return {point.x, point.z};
}

/// Adds to `horizon` where the triangle with these corners, seen from the eye, passes its height.
void add_section(Horizon& horizon, const std::array<Vec3, 3>& corners) {
  std::array<Vec2, 3> crossings;
  std::size_t count = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const Vec3 a = corners[i];
    const Vec3 b = corners[(i + 1) % 3];
    if ((a.y < 0) != (b.y < 0)) {
      crossings[count++] = seen_from_above(lerp(a, b, a.y / (a.y - b.y)));
    }
  }
  if (count == 2) {
    horizon.add(crossings[0], crossings[1]);
  }
}

bool is_in_the_way(const Geometry& geometry,
                   std::span<const Triangle> object,
                   Vec3 eye,
                   Horizon& horizon) {
  horizon.forget();
  for (const Triangle& triangle : object) {
    const auto position = [&](std::size_t i) -> const Vec3& {
      return geometry.vertices[triangle.vertex[i]].position;
    };
    const bool is_above = position(0).y >= eye.y;
    if ((position(1).y >= eye.y) != is_above || (position(2).y >= eye.y) != is_above) {
      add_section(horizon, {position(0) - eye, position(1) - eye, position(2) - eye});
    }
  }
  return horizon.is_around() || horizon.hides_the_view();
}

}  // namespace

void clear_viewpoint(Geometry& geometry, Vec3 eye) {
  Horizon horizon;
  // From the last to the first, so that what is taken away moves only what was looked at.
  auto end = static_cast<std::ptrdiff_t>(geometry.triangles.size());
  for (auto object = geometry.objects.rbegin(); object != geometry.objects.rend(); ++object) {
    const auto begin = static_cast<std::ptrdiff_t>(*object);
    const auto first = geometry.triangles.begin();
    if (is_in_the_way(geometry, {first + begin, first + end}, eye, horizon)) {
      geometry.triangles.erase(first + begin, first + end);
    }
    end = begin;
  }
  geometry.objects.clear();
}

}  // namespace mtmi::scenes
