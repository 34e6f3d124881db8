#include "mtmi/scenes/viewpoint.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <gtest/gtest.h>

#include "mtmi/scenes/builder.h"
#include "mtmi/scenes/label.h"
#include "mtmi/scenes/scene.h"

namespace mtmi::scenes {
namespace {

constexpr Vec3 kEye{0, 1.5F, 0};

// How many of the box's triangles are left, of what stands before and behind it in the list.
std::size_t triangles_left(const Extent& extent, float yaw) {
  Geometry geometry;
  Builder builder(geometry);
  const Extent post{{0, 1, 0}, {0.1F, 2, 0.1F}};
  builder.start_object(placed_at({4, 0, 9}, 0));
  builder.box(post);
  const std::size_t others = 2 * geometry.triangles.size();
  builder.start_object(placed_at({}, yaw));
  builder.box(extent);
  builder.start_object(placed_at({-4, 0, 9}, 0));
  builder.box(post);
  clear_viewpoint(geometry, kEye);
  EXPECT_GE(geometry.triangles.size(), others);
  return geometry.triangles.size() - others;
}

TEST(Viewpoint, WhatTheEyeStandsInIsTakenAway) {
  for (const float yaw : {0.0F, 0.4F, 2.0F}) {
    EXPECT_EQ(triangles_left({{0, 5, 0}, {20, 10, 14}}, yaw), 0U) << yaw;
    EXPECT_EQ(triangles_left({{2, 1.5F, 1}, {5, 3, 4}}, yaw), 0U) << yaw;
    // In a corner, a hand's breadth from two walls.
    EXPECT_EQ(triangles_left({{9.9F, 5, 6.9F}, {20, 10, 14}}, yaw), 0U) << yaw;
  }
}

TEST(Viewpoint, WhatHidesTheViewFromNearbyIsTakenAway) {
  EXPECT_EQ(triangles_left({{0, 5, 8}, {20, 10, 14}}, 0), 0U);
  EXPECT_EQ(triangles_left({{0, 5, 17}, {20, 10, 14}}, 0), 0U);
  EXPECT_EQ(triangles_left({{0, 1.5F, 0.4F}, {0.3F, 3, 0.3F}}, 0), 0U);
}

TEST(Viewpoint, WhatStandsBesideAboveOrBelowTheEyeStays) {
  EXPECT_GT(triangles_left({{0, 5, 24}, {20, 10, 14}}, 0), 0U) << "far ahead";
  EXPECT_GT(triangles_left({{-3, 1.6F, 5}, {2.5F, 3.2F, 10}}, 0), 0U) << "in the next lane";
  EXPECT_GT(triangles_left({{0, 5, -7.5F}, {20, 10, 14}}, 0), 0U) << "behind";
  EXPECT_GT(triangles_left({{8, 5, 0}, {14, 10, 40}}, 0), 0U) << "beside";
  EXPECT_GT(triangles_left({{0, 5, 0}, {20, 4, 14}}, 0), 0U) << "above";
  EXPECT_GT(triangles_left({{0, 0.5F, 0}, {20, 1, 14}}, 0), 0U) << "below";
}

struct View {
  float road = 0;   // shares of the pixels
  float close = 0;  // nearer than 1.5 m, the own bonnet left out
};

View view_of(const Scene& scene) {
  View view;
  std::array<int, 256> seen{};
  const auto total = static_cast<float>(scene.labels.data().size());
  for (std::size_t i = 0; i < scene.labels.data().size(); ++i) {
    const std::uint8_t label = scene.labels.data()[i];
    const float depth = scene.depth.data()[i];
    ++seen[label];
    view.close += label != kIgnore && depth > 0 && depth < 1.5F ? 1 / total : 0.0F;
  }
  view.road = static_cast<float>(seen[kRoad]) / total;
  return view;
}

TEST(Viewpoint, ScenesWhoseStreetBendsRightRoundShowTheStreet) {
  // Each had a house of the street's end over its beginning.
  const std::pair<std::uint64_t, std::uint64_t> scenes[] = {{3000, 192}, {3000, 1372}, {3001, 733}};
  for (const auto& [seed, index] : scenes) {
    EXPECT_GT(view_of(render_scene(seed, index, {64, 128})).road, 0.18F) << seed << " " << index;
  }
  EXPECT_GT(view_of(render_scene(3000, 176, {256, 512})).road, 0.15F);
}

TEST(Viewpoint, EverySceneShowsRoadAndNothingFillsThePicture) {
  for (std::uint64_t i = 0; i < 80; ++i) {
    const View view = view_of(render_scene(3002, i, {32, 64}));
    ASSERT_GT(view.road, 0.04F) << i;
    ASSERT_LT(view.close, 0.2F) << i;
  }
}

}  // namespace
}  // namespace mtmi::scenes
