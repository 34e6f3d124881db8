#include "mtmi/eval/predictions.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::eval {
namespace {

using testing::ElementsAre;

TEST(Predictions, ClassIdsComeInAnyWholeType) {
  const auto classes = [](const Tensor& tensor) {
    return predicted_classes("seg", tensor, 3, 1, 3);
  };
  const auto expect = [](const vision::Gray8Image& ids) {
    EXPECT_THAT(ids.data(), ElementsAre(2, 0, 255));
  };
  expect(classes(Tensor::from<std::int64_t>(Shape{1, 1, 3}, {2, 0, 300})));
  expect(classes(Tensor::from<std::int32_t>(Shape{1, 1, 1, 3}, {2, 0, -1})));
  expect(classes(Tensor::from<std::uint8_t>(Shape{1, 1, 3}, {2, 0, 255})));
  expect(classes(Tensor::from<float>(Shape{1, 1, 3}, {2.0F, 0.0F, std::nanf("")})));
}

TEST(Predictions, TheFirstLargestScoreWins) {
  const Tensor scores = Tensor::from<float>(Shape{1, 3, 1, 3},
                                            {1.0F, 0.0F, 2.0F, 1.0F, 5.0F, 2.0F, 0.5F, 6.0F, 2.0F});
  EXPECT_THAT(predicted_classes("seg", scores, 3, 1, 3).data(), ElementsAre(0, 2, 0));
}

TEST(Predictions, MetresAreScaledToTheCamera) {
  const Tensor output = Tensor::from<float>(Shape{1, 1, 1, 2}, {0.25F, 1.0F});
  bundle::DepthTask task{
      .scale = -80.0F, .offset = 80.0F, .cap = 80.0F, .canonical_focal = std::nullopt};
  EXPECT_THAT(predicted_metres("depth", output, task, 256.0F, 1, 2).data(),
              ElementsAre(60.0F, 0.0F));
  task.canonical_focal = 512.0F;
  EXPECT_THAT(predicted_metres("depth", output, task, 256.0F, 1, 2).data(),
              ElementsAre(30.0F, 0.0F));
}

TEST(Predictions, AnOutputOfAnotherSizeIsNamed) {
  try {
    static_cast<void>(predicted_classes("seg", Tensor(DType::Float32, Shape{1, 3, 4, 4}), 3, 8, 8));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_STREQ(
        error.what(),
        "output 'seg': got f32[1,3,4,4], expected class ids [1,8,8] or scores f32[1,3,8,8]");
  }
  EXPECT_THROW(static_cast<void>(
                   predicted_metres("depth", Tensor(DType::Float32, Shape{8, 8}), {}, 1.0F, 8, 8)),
               Error);
}

}  // namespace
}  // namespace mtmi::eval
