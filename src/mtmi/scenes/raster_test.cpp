#include "mtmi/scenes/raster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::scenes {
namespace {

constexpr int kSize = 64;
constexpr SampleOffsets kCentres{{{0.5F, 0.5F}, {0.5F, 0.5F}, {0.5F, 0.5F}, {0.5F, 0.5F}}};
constexpr SampleOffsets kSpread{{{0.5F, 0.5F}, {0.9F, 0.6F}, {0.2F, 0.8F}, {0.4F, 0.1F}}};

SampleBuffer empty_buffer() {
  SampleBuffer buffer;
  buffer.reset(kSize, 0, kSize);
  return buffer;
}

PixelSamples pixel_of(const SampleBuffer& buffer, int y, int x) {
  return buffer.pixels[buffer.at(y, x)];
}

// At up to `reach` around a place on the map or near it.
std::array<ScreenVertex, 3> random_triangle(Random& random, float reach) {
  const float x = random.uniform(-5, kSize + 5);
  const float y = random.uniform(-5, kSize + 5);
  std::array<ScreenVertex, 3> corners;
  for (ScreenVertex& corner : corners) {
    corner.x = x + random.uniform(-reach, reach);
    corner.y = y + random.uniform(-reach, reach);
    corner.w = random.uniform(0.1F, 0.2F);
  }
  return corners;
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
      t.draw(buffer, kSpread, 1);
    }
    for (const PixelSamples& pixel : buffer.pixels) {
      ASSERT_FALSE(any(pixel.id != Words(1))) << x << " " << y;
    }
  }
}

TEST(Raster, TheNearerTriangleIsSeenWhateverTheOrder) {
  const RasterTriangle far_one({0, 0, 0.1F}, {kSize, 0, 0.1F}, {0, kSize, 0.1F});
  const RasterTriangle near_one({0, 0, 0.2F}, {kSize, 0, 0.2F}, {0, kSize, 0.2F});
  for (const bool near_first : {true, false}) {
    SampleBuffer buffer = empty_buffer();
    (near_first ? near_one : far_one).draw(buffer, kCentres, near_first ? 1 : 2);
    (near_first ? far_one : near_one).draw(buffer, kCentres, near_first ? 2 : 1);
    EXPECT_EQ(pixel_of(buffer, 5, 5).id[0], 1U);
    EXPECT_EQ(pixel_of(buffer, 60, 60).id[0], kNothing);
  }
}

TEST(Raster, WIsThatOfThePlane) {
  const RasterTriangle t({-10, -20, 0.02F}, {200, 3, 0.5F}, {10, 300, 0.3F});
  SampleBuffer buffer = empty_buffer();
  t.draw(buffer, kCentres, 0);
  const float here = pixel_of(buffer, 30, 20).w[0];
  const float right = pixel_of(buffer, 30, 21).w[0];
  const float below = pixel_of(buffer, 31, 20).w[0];
  EXPECT_NEAR(pixel_of(buffer, 33, 26).w[0], here + 6 * (right - here) + 3 * (below - here), 1e-5F);
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
    t.draw(buffer, kCentres, 0);
    for (const PixelSamples& pixel : buffer.pixels) {
      const Mask is_seen = pixel.id != Words(kNothing);
      ASSERT_FALSE(any(is_seen & ((pixel.w < 0.1F) | (pixel.w > 0.12F))));
    }
  }
}

TEST(Raster, FourSamplesAreDrawnAsEachAlone) {
  Random random(11);
  SampleBuffer together = empty_buffer();
  std::array<SampleBuffer, kLanes> alone;
  alone.fill(empty_buffer());
  for (std::uint32_t id = 0; id < 3000; ++id) {
    const auto [a, b, c] = random_triangle(random, id % 3 == 0 ? 40.0F : 3.0F);
    const RasterTriangle t(a, b, c);
    t.draw(together, kSpread, id);
    for (std::size_t s = 0; s < kLanes; ++s) {
      SampleOffsets offsets;
      offsets.fill(kSpread[s]);
      t.draw(alone[s], offsets, id);
    }
  }
  for (std::size_t i = 0; i < together.pixels.size(); ++i) {
    for (std::size_t s = 0; s < kLanes; ++s) {
      ASSERT_EQ(together.pixels[i].id[s], alone[s].pixels[i].id[s]);
      ASSERT_EQ(together.pixels[i].w[s], alone[s].pixels[i].w[s]);
    }
  }
}

TEST(Raster, ADepthMapHasTheDepthsOfThePixelsCentres) {
  Random random(12);
  SampleBuffer buffer = empty_buffer();
  DepthMap map(kSize);
  for (std::uint32_t id = 0; id < 3000; ++id) {
    const auto [a, b, c] = random_triangle(random, id % 3 == 0 ? 40.0F : 3.0F);
    const RasterTriangle t(a, b, c);
    t.draw(buffer, kCentres, id);
    t.draw(map);
  }
  for (std::size_t i = 0; i < buffer.pixels.size(); ++i) {
    ASSERT_EQ(map.w[i], buffer.pixels[i].w[0]);
  }
}

// The plane of a triangle and its sides, sample by sample, as a drawing of it must be.
TEST(Raster, ExactlyTheSamplesInsideAreDrawn) {
  Random random(14);
  for (int round = 0; round < 500; ++round) {
    const auto [a, b, c] = random_triangle(random, round % 2 == 0 ? 40.0F : 3.0F);
    SampleBuffer buffer = empty_buffer();
    RasterTriangle(a, b, c).draw(buffer, kSpread, 1);
    for (int i = 0; i < kSize * kSize * kLanes; ++i) {
      const auto s = static_cast<std::size_t>(i % kLanes);
      const int column = i / kLanes % kSize;
      const int row = i / kLanes / kSize;
      const double x = column + double{kSpread[s].x};
      const double y = row + double{kSpread[s].y};
      const auto side = [&](const ScreenVertex& p, const ScreenVertex& q) {
        return (double{q.x} - p.x) * (y - p.y) - (x - p.x) * (double{q.y} - p.y);
      };
      const double least = std::min({side(a, b), side(b, c), side(c, a)});
      const double most = std::max({side(a, b), side(b, c), side(c, a)});
      constexpr double kRounding = 1e-6;
      const bool is_drawn = pixel_of(buffer, row, column).id[s] == 1;
      if (least > kRounding || most < -kRounding) {
        ASSERT_TRUE(is_drawn) << round;
      } else if (least < -kRounding && most > kRounding) {
        ASSERT_FALSE(is_drawn) << round;
      }
    }
  }
}

TEST(Raster, ATriangleThatMeetsNoSampleDrawsNothing) {
  Random random(13);
  int between = 0;
  for (int round = 0; round < 3000; ++round) {
    const auto [a, b, c] = random_triangle(random, 0.6F);
    if (may_meet_sample(Bounds(a, b, c), kCentres)) {
      continue;
    }
    SampleBuffer buffer = empty_buffer();
    RasterTriangle(a, b, c).draw(buffer, kCentres, 1);
    for (const PixelSamples& pixel : buffer.pixels) {
      ASSERT_EQ(pixel.id[0], kNothing) << round;
    }
    ++between;
  }
  EXPECT_GT(between, 1000);
}

TEST(Raster, HugeAndDegenerateTrianglesAreHarmless) {
  SampleBuffer buffer = empty_buffer();
  const float inf = INFINITY;
  RasterTriangle({0, 0, 1}, {0, 0, 1}, {5, 5, 1}).draw(buffer, kCentres, 7);
  RasterTriangle({inf, 0, 1}, {0, 0, 1}, {5, 5, 1}).draw(buffer, kCentres, 7);
  RasterTriangle({-1e9F, -1e9F, 1}, {1e9F, -1e9F, 1}, {0, 1e9F, 1}).draw(buffer, kCentres, 3);
  RasterTriangle({0, 1e9F, 1}, {5, 1e9F, 1}, {0, 2e9F, 1}).draw(buffer, kCentres, 9);
  RasterTriangle({0, -1e9F, 1}, {5, -1e9F, 1}, {0, -2e9F, 1}).draw(buffer, kCentres, 9);
  EXPECT_EQ(pixel_of(buffer, 10, 10).id[0], 3U);
}

}  // namespace
}  // namespace mtmi::scenes
