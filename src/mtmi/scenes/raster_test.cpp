#include "mtmi/scenes/raster.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::scenes {
namespace {

constexpr int kSize = 64;
constexpr std::size_t kSamples = std::size_t{kSize} * kSize;

SampleBuffer empty_buffer() {
  SampleBuffer buffer;
  buffer.reset(kSize, 0, kSize);
  return buffer;
}

// A fan around a point covers a square without gaps, wherever the point is.
TEST(Raster, TrianglesThatShareEdgesLeaveNoGap) {
  Random random(9);
  const ScreenVertex corners[] = {
      {-1, -1, 1}, {kSize + 1, -1, 1}, {kSize + 1, kSize + 1, 1}, {-1, kSize + 1, 1}};
  for (int round = 0; round < 200; ++round) {
    const float x = random.uniform(0, kSize);
    const float y = random.uniform(0, kSize);
    const ScreenVertex middle{x, y, 1};
    SampleBuffer buffer = empty_buffer();
    for (std::size_t i = 0; i < 4; ++i) {
      // Every other one runs the other way round.
      const ScreenVertex& a = corners[i];
      const ScreenVertex& b = corners[(i + 1) % 4];
      const RasterTriangle t =
          i % 2 == 0 ? RasterTriangle(a, b, middle) : RasterTriangle(b, a, middle);
      t.draw(buffer, {0.375F, 0.125F}, 1);
    }
    for (std::size_t i = 0; i < kSamples; ++i) {
      ASSERT_EQ(buffer.id[i], 1U) << x << " " << y;
    }
  }
}

TEST(Raster, TheNearerTriangleIsSeenWhateverTheOrder) {
  const RasterTriangle far_one({0, 0, 0.1F}, {kSize, 0, 0.1F}, {0, kSize, 0.1F});
  const RasterTriangle near_one({0, 0, 0.2F}, {kSize, 0, 0.2F}, {0, kSize, 0.2F});
  for (const bool near_first : {true, false}) {
    SampleBuffer buffer = empty_buffer();
    (near_first ? near_one : far_one).draw(buffer, {0.5F, 0.5F}, near_first ? 1 : 2);
    (near_first ? far_one : near_one).draw(buffer, {0.5F, 0.5F}, near_first ? 2 : 1);
    EXPECT_EQ(buffer.id[buffer.at(5, 5)], 1U);
    EXPECT_EQ(buffer.id[buffer.at(60, 60)], kNothing);
  }
}

TEST(Raster, WIsThatOfThePlane) {
  const RasterTriangle t({-10, -20, 0.02F}, {200, 3, 0.5F}, {10, 300, 0.3F});
  SampleBuffer buffer = empty_buffer();
  t.draw(buffer, {0.5F, 0.5F}, 0);
  const float here = buffer.w[buffer.at(30, 20)];
  const float right = buffer.w[buffer.at(30, 21)];
  const float below = buffer.w[buffer.at(31, 20)];
  EXPECT_NEAR(buffer.w[buffer.at(33, 26)], here + 6 * (right - here) + 3 * (below - here), 1e-5F);
}

TEST(Raster, SliversStayWithinTheDepthsOfTheirCorners) {
  Random random(4);
  for (int round = 0; round < 300; ++round) {
    const float x = random.uniform(-500, 500);
    const float y = random.uniform(-500, 500);
    const float nudge = random.uniform(0, 1e-4F);
    const RasterTriangle t(
        {x, y, 0.1F}, {x + 1000, y + 900 + nudge, 0.11F}, {x + 500, y + 450, 0.12F});
    if (t.empty()) {
      continue;
    }
    SampleBuffer buffer = empty_buffer();
    t.draw(buffer, {0.5F, 0.5F}, 0);
    for (std::size_t i = 0; i < kSamples; ++i) {
      ASSERT_TRUE(buffer.id[i] == kNothing || (buffer.w[i] >= 0.1F && buffer.w[i] <= 0.12F));
    }
  }
}

// Four grids at once, and small triangles in a way of their own: the same as one by one.
TEST(Raster, FourSamplesAreDrawnAsEachAlone) {
  const std::array<Vec2, 4> offsets{{{0.5F, 0.5F}, {0.9F, 0.6F}, {0.2F, 0.8F}, {0.4F, 0.1F}}};
  Random random(11);
  std::array<SampleBuffer, 4> together;
  std::array<SampleBuffer, 4> alone;
  together.fill(empty_buffer());
  alone.fill(empty_buffer());
  for (std::uint32_t id = 0; id < 3000; ++id) {
    const float reach = id % 3 == 0 ? 40.0F : 3.0F;
    const float x = random.uniform(-5, kSize + 5);
    const float y = random.uniform(-5, kSize + 5);
    const auto corner = [&] {
      ScreenVertex v{x, y, 0};
      v.x += random.uniform(-reach, reach);
      v.y += random.uniform(-reach, reach);
      v.w = random.uniform(0.1F, 0.2F);
      return v;
    };
    const ScreenVertex a = corner();
    const ScreenVertex b = corner();
    const ScreenVertex c = corner();
    const RasterTriangle t(a, b, c);
    t.draw({&together[0], &together[1], &together[2], &together[3]}, offsets, id);
    for (std::size_t s = 0; s < 4; ++s) {
      const std::vector<std::uint32_t> before = alone[s].id;
      t.draw(alone[s], offsets[s], id);
      ASSERT_TRUE(may_meet_sample(a, b, c, offsets[s]) || alone[s].id == before) << id;
    }
  }
  for (std::size_t s = 0; s < 4; ++s) {
    EXPECT_EQ(together[s].id, alone[s].id);
    EXPECT_EQ(together[s].w, alone[s].w);
  }
}

TEST(Raster, HugeAndDegenerateTrianglesAreHarmless) {
  SampleBuffer buffer = empty_buffer();
  const float inf = INFINITY;
  RasterTriangle({0, 0, 1}, {0, 0, 1}, {5, 5, 1}).draw(buffer, {0.5F, 0.5F}, 7);
  RasterTriangle({inf, 0, 1}, {0, 0, 1}, {5, 5, 1}).draw(buffer, {0.5F, 0.5F}, 7);
  RasterTriangle({-1e9F, -1e9F, 1}, {1e9F, -1e9F, 1}, {0, 1e9F, 1}).draw(buffer, {0.5F, 0.5F}, 3);
  EXPECT_EQ(buffer.id[buffer.at(10, 10)], 3U);
}

}  // namespace
}  // namespace mtmi::scenes
