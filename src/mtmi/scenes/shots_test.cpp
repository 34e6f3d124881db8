#include "mtmi/scenes/shots.h"

#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/scenes/builder.h"
#include "mtmi/scenes/projection.h"

namespace mtmi::scenes {
namespace {

constexpr std::uint32_t kQuads = 12;  // one for each material but those that need more of a part

Geometry walls_of_many_materials() {
  Geometry geometry;
  Builder builder(geometry);
  for (std::uint32_t i = 0; i < kQuads; ++i) {
    builder.use({.material = static_cast<Material>(i == 1 ? 0 : i),
                 .gloss = 0.5F,
                 .color = {0.2F, 0.4F, 0.6F},
                 .color2 = {0.6F, 0.3F, 0.1F},
                 .size = {3, 2, 40, 9},
                 .seed = i});
    const float x = static_cast<float>(i) - 6;
    builder.quad({x, 0, 10}, {x + 1, 0, 10}, {x + 1, 4, 14}, {x, 4, 14}, {}, {1, 4});
  }
  return geometry;
}

TEST(ShotShader, TheColourOfAShotDoesNotDependOnItsCompany) {
  const Geometry geometry = walls_of_many_materials();
  const Eye eye({.focal = 200, .cx = 128, .cy = 64, .height = 1.5F});
  Random random(5);
  const Light light = make_light(random);
  const Shading shading(geometry, light, 256);
  const std::vector<ScreenVertex> screen = project_vertices(
      geometry.vertices,
      [&](const Vectors& points, std::size_t) { return eye.project(eye.in_frame(points)); });
  ShotShader shader({.eye = eye, .geometry = geometry, .screen = screen, .shading = shading});

  std::vector<Shot> shots;
  for (std::uint32_t i = 0; i < 500; ++i) {
    const auto triangle = static_cast<std::uint32_t>(random.uniform(0, 2.0F * kQuads));
    shots.push_back({.triangle = i % 7 == 0 ? kNothing : triangle,
                     .x = random.uniform(0, 256),
                     .y = random.uniform(0, 128),
                     .w = random.uniform(0.05F, 0.2F),
                     .weight = 1,
                     .pixel = i});
  }
  std::vector<Shot> padded = shots;
  const std::span<const Vec3> colors = shader.shade(padded);
  const std::vector<Vec3> together(colors.begin(), colors.end());
  ASSERT_EQ(together.size(), shots.size());
  for (std::size_t i = 0; i < shots.size(); ++i) {
    std::vector<Shot> alone{shots[i]};
    const Vec3 color = shader.shade(alone)[0];
    EXPECT_EQ(color.x, together[i].x) << i;
    EXPECT_EQ(color.y, together[i].y) << i;
    EXPECT_EQ(color.z, together[i].z) << i;
  }
}

}  // namespace
}  // namespace mtmi::scenes
