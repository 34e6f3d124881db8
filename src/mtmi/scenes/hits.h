// Where the eye's rays meet a triangle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/scenes/eye.h"
#include "mtmi/scenes/material.h"

namespace mtmi::scenes {

/// A sample to shade and its share of its pixel.
struct Shot {
  std::uint32_t triangle;  ///< kNothing: the sky
  float x;                 ///< on the screen, as is y
  float y;
  float w;  ///< 1 / depth
  float weight;
  std::uint32_t pixel;  ///< row * width + column
};

/// From the eye through each of four shots, to depth 1.
[[nodiscard]] Vectors ray_of(const Eye& eye, std::span<const Shot, kLanes> shots);

/// A triangle in the world and on the screen.
struct SeenTriangle {
  std::uint32_t number;
  const Vertex& a;
  const Vertex& b;
  const Vertex& c;
  const ScreenVertex& screen_a;
  const ScreenVertex& screen_b;
  const ScreenVertex& screen_c;
  bool has_footprint;  ///< whether its material looks at Hit::footprint
};

/// Where kLanes shots meet `triangle`.
[[nodiscard]] Hit find_hit(const Eye& eye,
                           const SeenTriangle& triangle,
                           std::span<const Shot, kLanes> shots);

/// Hits one after the other, which any kLanes neighbours can be taken from.
class HitTable {
 public:
  /// Makes room for `count` hits. What was there before is lost.
  void resize(std::size_t count);

  /// Hits first .. first + kLanes - 1. Pre: first < the count.
  void put(std::size_t first, const Hit& hit);
  [[nodiscard]] Hit at(std::size_t first) const;

 private:
  static constexpr std::size_t kFields = sizeof(Hit) / sizeof(Floats);

  std::size_t stride_ = 0;
  std::vector<float> values_;  // a row of stride_ for each field of a Hit
};

}  // namespace mtmi::scenes
