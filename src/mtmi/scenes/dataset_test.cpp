#include "mtmi/scenes/dataset.h"

#include <algorithm>
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::scenes {
namespace {

class DatasetTest : public testing::Test {
 protected:
  const TemporaryFolder folder_;
};

TEST_F(DatasetTest, FilesReadBackAsTheSceneThatWasRendered) {
  const DatasetSpec spec{.seed = 4, .first = 7, .count = 3, .size = {48, 64}};
  std::int64_t done = 0;
  write_dataset(folder_.path(), spec, [&](std::int64_t finished) { done = finished; });
  EXPECT_EQ(done, 3);
  const auto samples = read_dataset(folder_.path());
  ASSERT_EQ(samples.size(), 3U);
  EXPECT_EQ(samples[1].name, "000008");
  const Scene scene = render_scene(4, 8, {48, 64});
  EXPECT_EQ(vision::read_image(samples[1].image), scene.image);
  EXPECT_EQ(vision::read_gray8(samples[1].labels), scene.labels);
  EXPECT_EQ(vision::read_gray16(samples[1].depth), pack_depth(scene.depth));
  EXPECT_EQ(samples[1].camera, scene.camera);
}

TEST_F(DatasetTest, DamagedCameraFilesAreOneSentence) {
  for (const char* text : {"",
                           "{",
                           "[]",
                           R"({"images": [{"name": "x"}]})",
                           R"({"images": [{"name": "../x", "focal_px": 1}]})",
                           R"({"images": [{"name": "x", "focal_px": 1e300, "height_m": 1,
                               "principal_point_px": [1, 1], "pitch_rad": 0}]})"}) {
    write_file(folder_ / "camera.json", text);
    try {
      static_cast<void>(read_dataset(folder_.path()));
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidModel);
      EXPECT_THAT(error.what(), testing::HasSubstr("camera.json: "));
    }
  }
}

TEST(Depth, PacksToSixteenBitsAndBack) {
  vision::FloatImage metres(1, 4);
  std::ranges::copy(std::to_array({0.0F, 1.25F, 80.001F, 900.0F}), metres.data().begin());
  const auto packed = pack_depth(metres);
  EXPECT_THAT(packed.data(), testing::ElementsAre(0, 320, 20480, 65535));
  const auto back = unpack_depth(packed);
  EXPECT_THAT(
      back.data(),
      testing::ElementsAre(
          0, 1.25F, testing::FloatNear(80.001F, 1 / 512.0F), testing::FloatNear(255.996F, 0.001F)));
}

}  // namespace
}  // namespace mtmi::scenes
