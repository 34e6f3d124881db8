// From samples to colours: what they meet is found and shaded by surface, four at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/scenes/hits.h"
#include "mtmi/scenes/shading.h"

namespace mtmi::scenes {

/// All that a sample's colour depends on. `screen` is of geometry.vertices.
struct Scenery {
  const Eye& eye;
  const Geometry& geometry;
  const std::vector<ScreenVertex>& screen;
  const Shading& shading;
};

/// One thread.
class ShotShader {
 public:
  /// The scenery must outlive this.
  explicit ShotShader(const Scenery& scenery);

  /// The radiance that comes to the eye at each of `shots`; it stays until the next call. `shots`
  /// may be padded on the way.
  [[nodiscard]] std::span<const Vec3> shade(std::vector<Shot>& shots);

 private:
  /// Neighbours that meet the same triangle.
  struct Stretch {
    std::uint32_t triangle;
    std::size_t first;
    std::size_t count;
    std::uint32_t next;  ///< of the same part; kNothing: none
  };

  /// The stretches of one part.
  struct Group {
    std::uint32_t part;
    std::uint32_t first;
    std::uint32_t last;
    std::size_t count;  ///< of shots
  };

  void find_stretches(std::span<const Shot> shots);
  void add_to_group(std::uint32_t stretch);
  void shade_sky(const Group& group, std::span<const Shot> shots);
  void shade_part(const Group& group, std::span<const Shot> shots);
  void find_hits(const Group& group, std::span<const Shot> shots);
  [[nodiscard]] SeenTriangle seen(std::uint32_t triangle) const;

  Scenery scenery_;
  std::uint32_t sky_;  // stands for a part of the sky
  std::vector<Stretch> stretches_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> group_of_part_;
  HitTable hits_;                       // of one group
  std::vector<std::size_t> hit_shots_;  // the shot of each hit
  std::vector<Vec3> colors_;
};

}  // namespace mtmi::scenes
