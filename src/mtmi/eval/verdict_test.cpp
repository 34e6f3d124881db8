#include "mtmi/eval/verdict.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::eval {
namespace {

/// A depth head of which every scene has this AbsRel.
VariantRecord variant(const std::string& name, float abs_rel) {
  VariantRecord record;
  record.name = name;
  HeadRecord& head = record.heads.emplace_back();
  head.output = "depth";
  for (int scene = 0; scene < 4; ++scene) {
    vision::DepthErrors errors;
    errors.add(std::vector{10.0F}, std::vector{10.0F * (1.0F + abs_rel)}, 80.0F);
    head.depth.push_back(errors);
  }
  return record;
}

Verdict conclude_small() {
  Evaluation evaluation;
  evaluation.scenes = {"0", "1", "2", "3"};
  evaluation.variants = {variant("float32", 0.1F), variant("near", 0.1F), variant("far", 0.5F)};
  return conclude(std::move(evaluation), {}, {});
}

TEST(Verdict, OthersAreComparedWithTheFirst) {
  const Verdict verdict = conclude_small();
  ASSERT_EQ(verdict.answers.size(), 3U);
  EXPECT_FALSE(verdict.answers[0][0]);
  EXPECT_TRUE(verdict.answers[1][0]->passed());
  EXPECT_FALSE(verdict.answers[2][0]->passed());
  EXPECT_NEAR(verdict.answers[2][0]->loss.value, 0.4, 1e-6);
}

TEST(Verdict, OnlyWhatIsJudgedFails) {
  Verdict verdict = conclude_small();
  EXPECT_TRUE(failures_of(verdict).empty());
  verdict.judged = {"near", "far"};
  ASSERT_EQ(failures_of(verdict).size(), 1U);
  EXPECT_EQ(failures_of(verdict).front().variant, "far");
}

}  // namespace
}  // namespace mtmi::eval
