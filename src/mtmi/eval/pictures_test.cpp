#include "mtmi/eval/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/vision/palette.h"

namespace mtmi::eval {
namespace {

TrueScene small_scene() {
  TrueScene scene{.name = "000007",
                  .image = vision::Image(32, 64, 128),
                  .labels = vision::Gray8Image(32, 64, 3),
                  .depth = vision::FloatImage(32, 64, 10.0F),
                  .focal = 50.0F};
  scene.labels.row(0)[0] = vision::kIgnoreLabel;
  scene.depth.row(0)[0] = 0.0F;
  return scene;
}

/// Pixels of about this colour in the lower right panel of a figure with `columns` columns.
int count_reddish(const vision::Image& figure, int columns) {
  int count = 0;
  for (int y = figure.height() / 2; y < figure.height(); ++y) {
    for (int x = figure.width() * (columns - 1) / columns; x < figure.width(); ++x) {
      const std::uint8_t* p = figure.pixel(y, x);
      count += p[0] > 170 && p[1] < 120 && p[2] < 120 ? 1 : 0;
    }
  }
  return count;
}

TEST(Pictures, WrongClassesAreRedBelowTheVariantThatHasThem) {
  const bundle::HeadTask task = bundle::SegmentationTask{vision::cityscapes_palette()};
  Tensor right(DType::UInt8, Shape{1, 32, 64});
  std::fill(right.data<std::uint8_t>().begin(), right.data<std::uint8_t>().end(), std::uint8_t{3});
  const Tensor wrong(DType::UInt8, Shape{1, 32, 64});
  const auto draw = [&](const Tensor& second) {
    const std::vector<ShownVariant> variants{{"float32", {{"seg", right}}},
                                             {"int8", {{"seg", second}}}};
    return draw_comparison(small_scene(), "seg", task, variants);
  };
  EXPECT_GT(count_reddish(draw(wrong), 3), 10000);
  EXPECT_LT(count_reddish(draw(right), 3), 2000);
}

TEST(Pictures, DepthsHaveAnErrorMap) {
  Tensor depth(DType::Float32, Shape{1, 1, 32, 64});
  std::fill(depth.data<float>().begin(), depth.data<float>().end(), 12.0F);
  const std::vector<ShownVariant> variants{{"float32", {{"depth", depth}}}};
  const vision::Image figure =
      draw_comparison(small_scene(), "depth", bundle::DepthTask{}, variants);
  EXPECT_GT(figure.width(), 1000);
  EXPECT_GT(figure.height(), 500);
}

TEST(Pictures, TheWorstScenesComeFirst) {
  HeadRecord record{.output = "depth", .segmentation = {}, .confusion = std::nullopt, .depth = {}};
  for (const float predicted : {11.0F, 14.0F, 10.0F, 14.0F}) {
    record.depth.emplace_back().add(std::vector{10.0F}, std::vector{predicted}, 80.0F);
  }
  EXPECT_THAT(worst_scenes(record, 3), testing::ElementsAre(1, 3, 0));
  EXPECT_EQ(worst_scenes(record, 9).size(), 4U);
}

}  // namespace
}  // namespace mtmi::eval
