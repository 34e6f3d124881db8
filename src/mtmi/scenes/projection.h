// The vertices of a scene to a screen, four at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "mtmi/core/assert.h"
#include "mtmi/scenes/geometry.h"
#include "mtmi/scenes/lane_vec.h"
#include "mtmi/scenes/raster.h"

namespace mtmi::scenes {

/// project(positions, number of the first) gives the ScreenVertices of kLanes neighbours; some may
/// come twice. Pre: there are at least kLanes vertices.
template <class Project>
[[nodiscard]] std::vector<ScreenVertex> project_vertices(std::span<const Vertex> vertices,
                                                         const Project& project) {
  MTMI_ASSERT(vertices.size() >= kLanes);
  std::vector<ScreenVertex> screen(vertices.size());
  for (std::size_t begin = 0; begin < vertices.size(); begin += kLanes) {
    const std::size_t at = std::min(begin, vertices.size() - kLanes);
    const Vec3& a = vertices[at].position;
    const Vec3& b = vertices[at + 1].position;
    const Vec3& c = vertices[at + 2].position;
    const Vec3& d = vertices[at + 3].position;
    const ScreenVertices seen = project(Vectors{Floats(std::array{a.x, b.x, c.x, d.x}),
                                                Floats(std::array{a.y, b.y, c.y, d.y}),
                                                Floats(std::array{a.z, b.z, c.z, d.z})},
                                        at);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      screen[at + lane] = {seen.x[lane], seen.y[lane], seen.w[lane]};
    }
  }
  return screen;
}

}  // namespace mtmi::scenes
