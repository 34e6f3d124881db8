#include "mtmi/scenes/scene.h"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/hash.h"
#include "mtmi/scenes/label.h"

namespace mtmi::scenes {
namespace {

constexpr SceneSize kSmall{.height = 96, .width = 160};

TEST(Scene, LabelsAreTrainIdsAndExactlyTheSkyHasNoDepth) {
  for (std::uint64_t i = 0; i < 12; ++i) {
    const Scene scene = render_scene(1, i, kSmall);
    for (std::size_t p = 0; p < scene.labels.data().size(); ++p) {
      const std::uint8_t label = scene.labels.data()[p];
      const float depth = scene.depth.data()[p];
      ASSERT_TRUE(label < kLabelCount || label == kIgnore);
      ASSERT_EQ(depth == 0.0F, label == kSky);
      ASSERT_TRUE(std::isfinite(depth) && depth >= 0);
    }
  }
}

// The first twelve metres of the street are level, at height 0.
TEST(Scene, DepthOfTheRoadIsThatOfThePlaneUnderTheCamera) {
  int checked = 0;
  for (std::uint64_t i = 0; i < 12; ++i) {
    const Scene scene = render_scene(2, i, kSmall);
    const Camera& c = scene.camera;
    for (int y = 0; y < kSmall.height; ++y) {
      const double down = (y + 0.5 - c.cy) / c.focal;
      const double plane = -c.height / (std::sin(c.pitch) - std::cos(c.pitch) * down);
      for (int x = 0; x < kSmall.width; ++x) {
        const float depth = *scene.depth.pixel(y, x);
        if (*scene.labels.pixel(y, x) == kRoad && depth < 10) {
          ASSERT_NEAR(depth, plane, 2e-4 * plane);
          ++checked;
        }
      }
    }
  }
  EXPECT_GT(checked, 10000);
}

TEST(Scene, ManyScenesTogetherShowEveryClass) {
  std::vector<int> seen(256, 0);
  for (std::uint64_t i = 0; i < 60; ++i) {
    const Scene scene = render_scene(3, i, kSmall);
    for (const std::uint8_t label : scene.labels.data()) {
      ++seen[label];
    }
  }
  for (int label = 0; label < kLabelCount; ++label) {
    EXPECT_GT(seen[static_cast<std::size_t>(label)], 100) << label;
  }
}

TEST(Scene, DifferentSeedsAndIndicesShowDifferentStreets) {
  const Scene a = render_scene(1, 0, kSmall);
  EXPECT_NE(a.image, render_scene(1, 1, kSmall).image);
  EXPECT_NE(a.image, render_scene(2, 0, kSmall).image);
}

TEST(Scene, AnotherSizeIsTheSameStreet) {
  const Scene small = render_scene(5, 3, {64, 96});
  const Scene large = render_scene(5, 3, {128, 192});
  EXPECT_NEAR(large.camera.focal / small.camera.focal, 2.0F, 1e-5F);
  EXPECT_EQ(large.camera.pitch, small.camera.pitch);
}

TEST(Scene, WideCamerasSeeTheSameStreetFromElsewhere) {
  bool is_beyond = false;
  for (std::uint64_t i = 0; i < 8; ++i) {
    const Camera car = render_scene(1, i, {16, 32}).camera;
    const Camera wide = render_scene(1, i, {16, 32}, CameraRange::Wide).camera;
    EXPECT_EQ(car.cx, wide.cx);
    is_beyond = is_beyond || wide.height < 1.3F || wide.height > 1.8F;
  }
  EXPECT_TRUE(is_beyond);
}

std::string digest_of(const Scene& scene) {
  Hasher hasher;
  hasher.update(std::as_bytes(scene.image.data()));
  hasher.update(std::as_bytes(scene.labels.data()));
  hasher.update(std::as_bytes(scene.depth.data()));
  return hasher.hex_digest();
}

// Every build on every machine must give these pixels. A change that is meant to change them takes
// the new digests from the failure's message.
TEST(Scene, ThePixelsArePinned) {
  EXPECT_EQ(digest_of(render_scene(0, 0, {64, 64})), "c6ea0725c4443d33cf458f02e64b89b3");
  EXPECT_EQ(digest_of(render_scene(0, 1, {96, 160})), "770f62ff8948e282fa5d6ae8380ec1c0");
  EXPECT_EQ(digest_of(render_scene(7, 123456, {48, 120})), "cb4dcd472cd214cbb41a1f411ad20bb9");
  EXPECT_EQ(digest_of(render_scene(18446744073709551615U, 2, {33, 65})),
            "f9d775e17c9a2b80ebcc71bc806e6469");
}

TEST(Scene, ThreadsDoNotChangeABit) {
  const Scene expected = render_scene(6, 1, kSmall);
  std::vector<Scene> got(2);
  std::vector<std::thread> threads;
  for (Scene& scene : got) {
    threads.emplace_back([&scene] { scene = render_scene(6, 1, kSmall); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const Scene& scene : got) {
    EXPECT_EQ(scene.image, expected.image);
    EXPECT_EQ(scene.labels, expected.labels);
    EXPECT_EQ(scene.depth, expected.depth);
  }
}

}  // namespace
}  // namespace mtmi::scenes
