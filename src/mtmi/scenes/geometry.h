// What a scene is made of: triangles whose parts say what they look like.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mtmi/scenes/label.h"
#include "mtmi/scenes/vec.h"

namespace mtmi::scenes {

/// How a part's colour is made; material.cpp has one function for each.
enum class Material : std::uint8_t {
  Plain,      ///< `color` with a little grain
  Asphalt,    ///< u = metres along the street, v = across; `style` = index into Geometry::markings
  Paving,     ///< slabs of size[0] metres
  Grass,      ///< between `color` and `color2`
  Facade,     ///< u = metres along the wall, v = above the ground; storeys of size[0] metres,
              ///< windows every size[1] metres; `style` picks one of kFacadeStyles
  Bricks,     ///< courses of size[0] metres
  RoofTiles,  ///< rows of size[0] metres
  Foliage,    ///< leaves: `color` to `color2` by leaf
  Paint,      ///< car paint: u = metres from the rear, v = above the ground; `size` = wheel
              ///< positions and radius, for the arches
  Glass,      ///< dark and mirroring
  Wheel,      ///< tyre and rim by radius: u, v = metres from the hub, size[0] = radius
  Lamp,       ///< shines with `color`, size[0] times as bright as white paper
  Sign,       ///< u, v = -1..1 over the plate; `style` picks one of kSignStyles
  Livery,     ///< bus and tram sides: u = metres along, v = above the floor of size[0] metres
  Clothes,    ///< cloth with folds
};

/// One look of one thing. Sizes [m] mean what the material says.
struct Part {
  Material material = Material::Plain;
  Label label = kIgnore;
  bool casts_shadow = true;
  std::uint8_t style = 0;
  float gloss = 0;  ///< 0 dull .. 1 mirror
  Vec3 color{0.5F, 0.5F, 0.5F};
  Vec3 color2{0.5F, 0.5F, 0.5F};
  std::array<float, 4> size{};
  std::uint32_t seed = 0;
};

struct Vertex {
  Vec3 position;
  Vec3 normal;
  Vec2 uv;
};

struct Triangle {
  std::array<std::uint32_t, 3> vertex;
  std::uint32_t part;
};

/// White lines on a street; s runs along it and t across, to the right [m].
struct Markings {
  struct Line {
    float t;  ///< its middle
    float width;
    float dash;  ///< length of a dash; 0: unbroken
    float gap;
    Vec3 color;
  };

  struct Bar {  ///< across: a stop line, or a crossing with stripes along the street
    float s_begin;
    float s_end;
    float t_begin;
    float t_end;
    float stripe;  ///< width of a stripe and of the gap after it; 0: solid
  };

  std::vector<Line> lines;
  std::vector<Bar> bars;
  std::vector<Vec2> lines_off;  ///< ranges of s (x to y) without lines: junctions
  float lane_width = 0;         ///< for the wheels' tracks; 0: none
  float lane_offset = 0;        ///< t of a lane's edge
  float rail_t = 0;             ///< the middle of a tram track
  float rail_gauge = 0;         ///< 0: no track
};

struct Geometry {
  std::vector<Vertex> vertices;
  std::vector<Triangle> triangles;
  std::vector<Part> parts;
  std::vector<Markings> markings;
  /// The first triangle of each thing that stands on the ground; it goes on to that of the next.
  std::vector<std::uint32_t> objects;
};

}  // namespace mtmi::scenes
