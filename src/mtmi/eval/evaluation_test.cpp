#include "mtmi/eval/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/eval/comparison.h"

namespace mtmi::eval {
namespace {

constexpr int kHeight = 32;
constexpr int kWidth = 64;
constexpr std::int64_t kScenes = 12;

/// "Networks" that know the truth: each scene is told by its picture.
class EvaluationTest : public testing::Test {
 protected:
  EvaluationTest() {
    scenes::write_dataset(
        folder_.path(),
        {.seed = 3000, .first = 0, .count = kScenes, .size = {.height = kHeight, .width = kWidth}},
        [](std::int64_t) {});
    experiment_.card.inputs.emplace("input", vision::Preprocessing{});
    experiment_.card.outputs.emplace("seg", bundle::SegmentationTask{vision::cityscapes_palette()});
    experiment_.card.outputs.emplace("depth", bundle::DepthTask{});
    experiment_.input = "input";
    experiment_.input_shape = Shape{1, 3, kHeight, kWidth};
  }

  [[nodiscard]] SceneSet scenes() const { return SceneSet(folder_.path()); }

  /// The truth of the scenes in turn, with every `wrong`-th label another and depths times
  /// `factor`.
  [[nodiscard]] Model teller(std::size_t wrong, float factor) const {
    return [set = scenes(), wrong, factor, turn = std::size_t{0}](const TensorMap&) mutable {
      const TrueScene scene = set.load(turn++ % set.size());
      Tensor seg(DType::Int64, Shape{1, kHeight, kWidth});
      Tensor depth(DType::Float32, Shape{1, 1, kHeight, kWidth});
      for (std::size_t i = 0; i < scene.labels.data().size(); ++i) {
        const std::int64_t label = scene.labels.data()[i];
        seg.data<std::int64_t>()[i] = wrong > 0 && i % wrong == 0 ? (label + 1) % 19 : label;
        depth.data<float>()[i] = scene.depth.data()[i] * factor;
      }
      return TensorMap{{"seg", seg}, {"depth", depth}};
    };
  }

  [[nodiscard]] Evaluation run() const {
    return evaluate(scenes(), experiment_, [](std::size_t) {});
  }

  Experiment experiment_;

 private:
  TemporaryFolder folder_;
};

TEST_F(EvaluationTest, TheTruthIsPerfect) {
  experiment_.variants = {{"truth", teller(0, 1.0F)}};
  const Evaluation evaluation = run();
  ASSERT_EQ(evaluation.scenes.size(), static_cast<std::size_t>(kScenes));
  const VariantRecord& record = evaluation.variants.front();
  EXPECT_EQ(segmentation_of(*record.find("seg")).miou, 1.0);
  EXPECT_EQ(depth_over_pixels(*record.find("depth")).abs_rel, 0.0);
  EXPECT_EQ(record.find("boxes"), nullptr);
}

TEST_F(EvaluationTest, ErrorsAreMeasured) {
  experiment_.variants = {{"tenth", teller(10, 1.05F)}};
  const Evaluation evaluation = run();
  const VariantRecord& record = evaluation.variants.front();
  EXPECT_NEAR(segmentation_of(*record.find("seg")).pixel_accuracy, 0.9, 0.01);
  // Beyond 80 / 1.05 m the cap takes some of it.
  EXPECT_NEAR(depth_over_pixels(*record.find("depth")).abs_rel, 0.05, 0.002);
  EXPECT_NEAR(record.find("depth")->scene_loss(0), 0.05, 0.002);
}

TEST_F(EvaluationTest, WhatIsSharedIsComputedOncePerScene) {
  int calls = 0;
  experiment_.shared = [&calls](const TensorMap& inputs) {
    EXPECT_TRUE(inputs.contains("input"));
    ++calls;
    return TensorMap{{"feature", Tensor(DType::Float32, Shape{1})}};
  };
  const auto reader = [](const TensorMap& values) {
    EXPECT_TRUE(values.contains("feature"));
    EXPECT_TRUE(values.contains("input"));
    return TensorMap{{"depth", Tensor(DType::Float32, Shape{1, 1, kHeight, kWidth})}};
  };
  experiment_.variants = {{"a", reader}, {"b", reader}};
  const Evaluation evaluation = run();
  EXPECT_EQ(calls, kScenes);
  EXPECT_EQ(evaluation.variants[1].heads.size(), 1U);
}

TEST_F(EvaluationTest, PreparedScenesGiveTheSameRecord) {
  experiment_.variants = {{"tenth", teller(10, 1.05F)}};
  const Evaluation expected = run();
  std::vector<PreparedScene> prepared;
  for (std::size_t i = 0; i < static_cast<std::size_t>(kScenes); ++i) {
    prepared.push_back(prepare(scenes(), experiment_, i));
  }
  const VariantRecord record =
      evaluate_one(prepared, experiment_.card, {"tenth", teller(10, 1.05F)});
  EXPECT_EQ(record.find("depth")->depth, expected.variants.front().find("depth")->depth);
  EXPECT_EQ(record.find("seg")->confusion, expected.variants.front().find("seg")->confusion);
}

TEST_F(EvaluationTest, AnImageOfAnotherSizeIsNamed) {
  experiment_.input_shape = Shape{1, 3, 64, 64};
  experiment_.variants = {{"truth", teller(0, 1.0F)}};
  try {
    static_cast<void>(run());
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_STREQ(
        error.what(),
        "scene '000000': got an image of 32x64, expected 64x64 as input 'input' of the network");
  }
}

TEST_F(EvaluationTest, ACardWithoutTasksIsRefused) {
  experiment_.card.outputs = {{"seg", bundle::RawTask{}}};
  experiment_.variants = {{"truth", teller(0, 1.0F)}};
  EXPECT_THROW(static_cast<void>(run()), Error);
}

TEST_F(EvaluationTest, TheGateTellsNoiseFromLoss) {
  experiment_.variants = {{"float", teller(10, 1.05F)},
                          {"same", teller(10, 1.05F)},
                          {"better", teller(11, 1.04F)},
                          {"worse", teller(5, 1.08F)}};
  const Evaluation evaluation = run();
  const auto gate = [&](std::size_t variant) { return ask_gate(evaluation, variant); };
  for (const GateAnswer& answer : gate(1)) {
    EXPECT_TRUE(answer.passed());
    EXPECT_TRUE(answer.loss.is_noise());
    EXPECT_EQ(answer.loss.value, 0.0);
  }
  for (const GateAnswer& answer : gate(2)) {
    EXPECT_TRUE(answer.passed()) << answer.to_string();
    EXPECT_LT(answer.loss.value, 0.0);
  }
  const std::vector<GateAnswer> worse = gate(3);
  ASSERT_EQ(worse.size(), 2U);
  for (const GateAnswer& answer : worse) {
    EXPECT_FALSE(answer.passed()) << answer.to_string();
    EXPECT_FALSE(answer.loss.is_noise());
  }
  EXPECT_THAT(worse[0].to_string(),
              testing::HasSubstr("head 'depth' of 'worse': AbsRel rises by 0.0"));
  EXPECT_THAT(worse[1].to_string(), testing::HasSubstr("head 'seg' of 'worse': mIoU falls by "));
}

TEST_F(EvaluationTest, TheLimitOfDepthIsTheLargerOfTwo) {
  experiment_.variants = {{"float", teller(0, 1.5F)}, {"int8", teller(0, 1.501F)}};
  const Evaluation evaluation = run();
  const GateAnswer depth = ask_gate(evaluation, 1).front();
  EXPECT_NEAR(depth.limit, 0.01 * depth.loss.reference, 1e-12);
  EXPECT_GT(depth.limit, 0.001);
  EXPECT_EQ(ask_gate(evaluation, 1, {.miou = 0.0, .abs_rel_relative = 0.0, .abs_rel = 0.25})
                .front()
                .limit,
            0.25);
}

}  // namespace
}  // namespace mtmi::eval
