#include "mtmi/scenes/hits.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::scenes {
namespace {

const Camera kCamera{.focal = 100, .cx = 50, .cy = 40, .height = 1.5F, .pitch = 0.05F};

// A triangle whose texture coordinates are x and y in the world.
struct Scenery {
  explicit Scenery(std::array<Vec3, 3> corners, Vec3 normal) {
    for (std::size_t i = 0; i < 3; ++i) {
      vertices[i] = {
          .position = corners[i], .normal = normal * 3.0F, .uv = {corners[i].x, corners[i].y}};
      const ScreenVertices seen = eye.project(eye.in_frame(corners[i]));
      screen[i] = {seen.x[0], seen.y[0], seen.w[0]};
    }
  }

  [[nodiscard]] SeenTriangle triangle(bool has_footprint = true) const {
    return {.number = 42,
            .a = vertices[0],
            .b = vertices[1],
            .c = vertices[2],
            .screen_a = screen[0],
            .screen_b = screen[1],
            .screen_c = screen[2],
            .has_footprint = has_footprint};
  }

  // The shots from the eye to points of the world.
  [[nodiscard]] std::array<Shot, kLanes> shots_at(const std::array<Vec3, kLanes>& points) const {
    std::array<Shot, kLanes> shots{};
    for (std::size_t i = 0; i < kLanes; ++i) {
      const ScreenVertices seen = eye.project(eye.in_frame(points[i]));
      shots[i] = {
          .triangle = 42, .x = seen.x[0], .y = seen.y[0], .w = seen.w[0], .weight = 1, .pixel = 0};
    }
    return shots;
  }

  Eye eye{kCamera};
  std::array<Vertex, 3> vertices;
  std::array<ScreenVertex, 3> screen;
};

// A wall 10 m away that is nearer on the right.
Scenery wall(Vec3 normal) {
  return Scenery({{{-4, 0, 12}, {4, 0, 8}, {-4, 6, 12}}}, normal);
}

Vec3 on_wall(float x, float y) {
  return {x, y, 10 - 0.5F * x};
}

const std::array<Vec3, kLanes> kPoints{
    on_wall(-3, 1), on_wall(0, 0.5F), on_wall(2, 1), on_wall(-3.5F, 4)};

TEST(FindHit, ShotsMeetTheTriangleWhereTheyWereAimed) {
  const Scenery scenery = wall(normalized(Vec3{-1, 0, -2}));
  const Hit hit = find_hit(scenery.eye, scenery.triangle(), scenery.shots_at(kPoints));
  for (std::size_t i = 0; i < kLanes; ++i) {
    EXPECT_NEAR(hit.position.x[i], kPoints[i].x, 1e-4F);
    EXPECT_NEAR(hit.position.y[i], kPoints[i].y, 1e-4F);
    EXPECT_NEAR(hit.position.z[i], kPoints[i].z, 1e-4F);
    EXPECT_NEAR(hit.uv.x[i], kPoints[i].x, 1e-4F);
    EXPECT_NEAR(hit.uv.y[i], kPoints[i].y, 1e-4F);
    EXPECT_EQ(hit.triangle[i], 42U);
  }
}

TEST(FindHit, NormalsHaveLengthOneAndTurnToTheEye) {
  const Vec3 towards = normalized(Vec3{-1, 0, -2});
  for (const bool is_back : {false, true}) {
    const Scenery scenery = wall(is_back ? -towards : towards);
    const Hit hit = find_hit(scenery.eye, scenery.triangle(), scenery.shots_at(kPoints));
    EXPECT_EQ(any(hit.is_back), is_back);
    EXPECT_EQ(any(!hit.is_back), !is_back);
    for (std::size_t i = 0; i < kLanes; ++i) {
      EXPECT_NEAR(hit.normal.x[i], towards.x, 1e-6F);
      EXPECT_NEAR(hit.normal.y[i], towards.y, 1e-6F);
      EXPECT_NEAR(hit.normal.z[i], towards.z, 1e-6F);
    }
  }
}

TEST(FindHit, TheFootprintIsTheStepToTheNextPixel) {
  const Scenery scenery = wall({0, 0, -1});
  std::array<Shot, kLanes> shots = scenery.shots_at(kPoints);
  const Hit here = find_hit(scenery.eye, scenery.triangle(), shots);
  for (Shot& shot : shots) {
    shot.x += 1;
  }
  const Hit right = find_hit(scenery.eye, scenery.triangle(), shots);
  for (std::size_t i = 0; i < kLanes; ++i) {
    EXPECT_NEAR(here.footprint.x[i], std::abs(right.uv.x[i] - here.uv.x[i]), 1e-4F);
    EXPECT_GT(here.footprint.y[i], 0.05F);
  }
  const Hit plain = find_hit(scenery.eye, scenery.triangle(false), shots);
  EXPECT_FALSE(any(plain.footprint.x != 0.0F));
}

TEST(HitTable, GivesAnyNeighboursOfWhatWasPut) {
  HitTable table;
  table.resize(6);
  Hit hit;
  for (const float first : {0.0F, 2.0F}) {
    hit.position.x = lane_numbers() + first;
    hit.triangle = Words(static_cast<std::uint32_t>(first));
    hit.is_back = lane_numbers() > 2.5F;
    table.put(static_cast<std::size_t>(first), hit);
  }
  const Hit got = table.at(1);
  for (std::size_t i = 0; i < kLanes; ++i) {
    EXPECT_EQ(got.position.x[i], 1.0F + static_cast<float>(i));
    EXPECT_EQ(got.triangle[i], i < 1 ? 0U : 2U);
  }
  EXPECT_FALSE(any(got.is_back));
  EXPECT_TRUE(any(table.at(2).is_back));
}

}  // namespace
}  // namespace mtmi::scenes
