#include "mtmi/eval/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/eval/eval_for_tests.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"

namespace mtmi::eval {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Eq;
using testing::Field;
using testing::IsEmpty;
using testing::Ne;

class JudgeTest : public testing::Test {
 protected:
  JudgeTest() {
    options_.path = small_.model();
    options_.scenes = small_.scenes();
  }

  [[nodiscard]] Verdict run() {
    return judge(options_, registry_for_tests(), [&](const Progress& progress) {
      if (steps_.empty() || steps_.back() != progress.step) {
        steps_.push_back(progress.step);
      }
    });
  }

  SmallNetwork small_;
  JudgeOptions options_;
  std::vector<std::string> steps_;
};

TEST_F(JudgeTest, Float32AloneIsNotJudged) {
  const Verdict verdict = run();
  ASSERT_EQ(verdict.evaluation.variants.size(), 1U);
  EXPECT_THAT(verdict.answers.front(), Each(Eq(std::nullopt)));
  EXPECT_THAT(failures_of(verdict), IsEmpty());
  EXPECT_THAT(steps_, ElementsAre("scenes"));
}

TEST_F(JudgeTest, VariantsThatWereAskedForAreJudged) {
  options_.variants = {parse_variant("f16"), parse_variant("int8")};
  options_.images = {small_.images()};
  const Verdict verdict = run();
  EXPECT_THAT(verdict.judged, ElementsAre("f16", "int8-entropy"));
  EXPECT_EQ(verdict.answers.back().size(), 2U);
  EXPECT_THAT(verdict.answers.back(), Each(Ne(std::nullopt)));
}

TEST_F(JudgeTest, WhereTheGateSaysNoTheGuiltyAreSought) {
  options_.variants = {parse_variant("int8-minmax/1")};
  options_.images = {small_.images()};
  options_.limits = {.miou = -1.0, .abs_rel_relative = 0.0, .abs_rel = -1.0};
  const Verdict verdict = run();
  EXPECT_THAT(failures_of(verdict), Each(Field(&GateAnswer::variant, "int8-minmax/1")));
  EXPECT_EQ(failures_of(verdict).size(), 2U);
  EXPECT_EQ(verdict.budgets.size(), 2U);
  EXPECT_THAT(steps_, ElementsAre("calibration", "scenes", "error budget"));
}

TEST_F(JudgeTest, OfAllVariantsTheOnesThatADeviceRefusesAreLeftOut) {
  std::string text = to_text(onnx::read_model(small_.model()).graph, {.max_constant_elements = -1});
  text.replace(text.find("Sigmoid("), 7, "Softplus");  // which no DLA computes
  onnx::write_model(parse_text(text), small_.model());
  options_.all = true;
  options_.images = {small_.images()};
  const Verdict verdict = run();
  ASSERT_EQ(verdict.evaluation.variants.size(), 2U);
  EXPECT_EQ(verdict.evaluation.variants.back().name, "bf16@cpu");
  EXPECT_THAT(verdict.judged, IsEmpty());
  options_.all = false;
  options_.variants = {parse_variant("int8")};
  EXPECT_THROW(static_cast<void>(run()), Error);
}

TEST_F(JudgeTest, TooFewImagesAreRefusedBeforeAnythingIsMeasured) {
  options_.variants = {parse_variant("int8/5")};
  options_.images = {small_.images()};
  EXPECT_THROW(static_cast<void>(run()), Error);
  EXPECT_THAT(steps_, IsEmpty());
}

TEST_F(JudgeTest, TheWorstScenesAreDrawn) {
  options_.variants = {parse_variant("f16")};
  options_.pictures = small_.folder() / "pictures";
  static_cast<void>(run());
  for (const char* name : {"seg-worst-1.png", "seg-worst-4.png", "depth-worst-1.png"}) {
    EXPECT_TRUE(std::filesystem::exists(options_.pictures / name)) << name;
  }
}

}  // namespace
}  // namespace mtmi::eval
