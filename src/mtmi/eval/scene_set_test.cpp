#include "mtmi/eval/scene_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::eval {
namespace {

using testing::HasSubstr;

class SceneSetTest : public testing::Test {
 protected:
  SceneSetTest() {
    scenes::write_dataset(folder(),
                          {.seed = 3, .first = 4, .count = 2, .size = {.height = 16, .width = 32}},
                          [](std::int64_t) {});
  }

  [[nodiscard]] std::filesystem::path folder() const { return temporary_.path(); }

  /// What opening the set and loading every scene of it throws.
  [[nodiscard]] std::string refusal() const {
    try {
      const SceneSet set(folder());
      for (std::size_t i = 0; i < set.size(); ++i) {
        static_cast<void>(set.load(i));
      }
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

 private:
  TemporaryFolder temporary_;
};

TEST_F(SceneSetTest, ScenesAreWhatWasWritten) {
  const SceneSet set(folder());
  ASSERT_EQ(set.size(), 2U);
  EXPECT_EQ(set.name(0), "000004");
  const TrueScene scene = set.load(0);
  const scenes::Scene drawn = scenes::render_scene(3, 4, {.height = 16, .width = 32});
  EXPECT_EQ(scene.image, drawn.image);
  EXPECT_EQ(scene.labels, drawn.labels);
  EXPECT_EQ(scene.focal, drawn.camera.focal);
  EXPECT_EQ(scene.depth, scenes::unpack_depth(scenes::pack_depth(drawn.depth)));
}

TEST_F(SceneSetTest, TheFirstOnesCanBeTaken) {
  EXPECT_EQ(SceneSet(folder(), 1).size(), 1U);
  EXPECT_EQ(SceneSet(folder(), 7).size(), 2U);
}

TEST_F(SceneSetTest, AMissingFileIsNamed) {
  std::filesystem::remove(folder() / "depth" / "000005.png");
  EXPECT_THAT(refusal(),
              HasSubstr("depth/000005.png: no such file, but camera.json names scene '000005'"));
}

TEST_F(SceneSetTest, AMisnamedPictureIsNamed) {
  std::filesystem::copy(folder() / "images" / "000005.png", folder() / "images" / "5.png");
  EXPECT_THAT(refusal(), HasSubstr("images/5.png: camera.json names no scene of this file"));
}

TEST_F(SceneSetTest, AFileOfAnotherSizeIsNamed) {
  vision::write_png(folder() / "labels" / "000004.png", vision::Gray8Image(16, 31));
  EXPECT_THAT(refusal(), HasSubstr("labels/000004.png: got 16x31, expected 16x32 as the image"));
}

TEST_F(SceneSetTest, AFolderWithoutCamerasIsNamed) {
  std::filesystem::remove(folder() / "camera.json");
  EXPECT_THAT(refusal(), HasSubstr("camera.json"));
  write_file(folder() / "camera.json", std::string_view("{\"images\": []}"));
  EXPECT_THAT(refusal(), HasSubstr("got no scenes, expected at least one"));
}

TEST_F(SceneSetTest, AFocalLengthMustBePositive) {
  write_file(folder() / "camera.json",
             std::string_view(R"({"images": [{"name": "000004", "focal_px": 0,
                 "principal_point_px": [1, 1], "height_m": 1, "pitch_rad": 0}]})"));
  EXPECT_THAT(refusal(), HasSubstr("scene '000004': got a focal length of 0"));
}

}  // namespace
}  // namespace mtmi::eval
