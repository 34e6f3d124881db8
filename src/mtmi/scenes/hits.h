// Where the eye's rays meet a triangle.
#pragma once

#include <cstdint>
#include <span>

#include "mtmi/scenes/eye.h"
#include "mtmi/scenes/material.h"

namespace mtmi::scenes {

/// A sample to shade and its share of its pixel.
struct Shot {
  std::uint32_t triangle;
  float x;  ///< on the screen, as is y
  float y;
  float w;  ///< 1 / depth
  float weight;
  int column;  ///< of the pixel
};

/// A triangle in the world and on the screen.
struct SeenTriangle {
  const Vertex& a;
  const Vertex& b;
  const Vertex& c;
  const ScreenVertex& screen_a;
  const ScreenVertex& screen_b;
  const ScreenVertex& screen_c;
  bool has_footprint;  ///< whether its material looks at Hit::footprint
};

/// What the shots, which all meet `triangle`, find there. Pre: hits.size() == shots.size(). Any
/// thread.
void find_hits(const Eye& eye,
               const SeenTriangle& triangle,
               std::span<const Shot> shots,
               std::span<Hit> hits);

}  // namespace mtmi::scenes
