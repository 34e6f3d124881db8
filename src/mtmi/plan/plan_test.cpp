#include "mtmi/plan/plan.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

TensorDesc map_of(const std::string& name, DType dtype = DType::Float32) {
  return {.name = name, .dtype = dtype, .shape = {1, 8, 4, 4}, .layout = Layout::Linear};
}

Stage stage(const std::string& name,
            const std::string& head,
            std::vector<TensorDesc> inputs,
            std::vector<TensorDesc> outputs) {
  Stage stage;
  stage.name = name;
  stage.head = head;
  stage.use = {.device = "cpu:0", .engine = name};
  stage.inputs = std::move(inputs);
  stage.outputs = std::move(outputs);
  return stage;
}

/// An encoder, a head with a tail and a head without; deliberately out of order.
std::vector<Stage> two_heads() {
  return {stage("seg_tail", "seg", {map_of("scores")}, {map_of("labels")}),
          stage("encoder", "", {map_of("image")}, {map_of("f1"), map_of("f2")}),
          stage("seg", "seg", {map_of("f1"), map_of("f2")}, {map_of("scores")}),
          stage("depth", "depth", {map_of("f2")}, {map_of("sigmoid")})};
}

std::string refusal(std::vector<Stage> stages) {
  try {
    (void)make_plan(std::move(stages));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Plan, ProducersStandBeforeTheirReaders) {
  const Plan plan = make_plan(two_heads());
  ASSERT_EQ(plan.stages.size(), 4U);
  EXPECT_EQ(plan.stages[0].name, "encoder");
  EXPECT_EQ(plan.stages[3].name, "seg_tail");
  EXPECT_EQ(producers_of(plan, 3), (std::vector<std::size_t>{1}));
  EXPECT_EQ(stages_behind(plan, 1), (std::vector<std::size_t>{3}));
  EXPECT_EQ(stages_behind(plan, 0), (std::vector<std::size_t>{1, 2, 3}));
}

TEST(Plan, HasTwoSlotsMoreThanTheLongestPathHasStages) {
  const Plan plan = make_plan(two_heads());
  EXPECT_EQ(plan.longest_path, 3U);
  EXPECT_EQ(plan.slots, 5U);
}

TEST(Plan, ResultsAreNamedAfterTheirHeads) {
  const Plan plan = make_plan(two_heads(), {"f1"});
  ASSERT_EQ(plan.results.size(), 4U);
  EXPECT_EQ(plan.results[0],
            (PlanResult{.name = "scores", .head = "seg", .edge = 3, .before_tail = true}));
  EXPECT_EQ(plan.results[1].name, "depth");
  EXPECT_EQ(plan.results[2].name, "seg");
  EXPECT_EQ(plan.results[3].name, "f1");
  EXPECT_EQ(frame_inputs(plan), (std::vector<std::size_t>{0}));
}

TEST(Plan, AResultIsMadeOfWhatItsOwnTailReads) {
  // The boxes go past the tail of their head; the depth head has none.
  const Plan plan = make_plan(
      {stage("encoder", "", {map_of("image")}, {map_of("f")}),
       stage("seg", "seg", {map_of("f")}, {map_of("scores"), map_of("boxes"), map_of("near")}),
       stage("seg_tail",
             "seg",
             {map_of("scores"), map_of("near")},
             {map_of("labels"), map_of("metres")}),
       stage("depth", "depth", {map_of("f")}, {map_of("sigmoid")})});
  std::map<std::string, std::string> made_of;
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    if (const auto before = before_tail_of(plan, i)) {
      made_of[plan.results[i].name] = plan.results[*before].name;
    }
  }
  EXPECT_THAT(
      made_of,
      testing::ElementsAre(testing::Pair("labels", "scores"), testing::Pair("metres", "near")));
}

TEST(Plan, TwoResultsMayBeMadeOfOneTensor) {
  const Plan plan =
      make_plan({stage("seg", "seg", {map_of("f")}, {map_of("scores")}),
                 stage("seg_tail", "seg", {map_of("scores")}, {map_of("labels"), map_of("sure")})});
  ASSERT_EQ(plan.results.size(), 3U);
  EXPECT_EQ(before_tail_of(plan, 1), 0U);
  EXPECT_EQ(before_tail_of(plan, 2), 0U);
}

TEST(Plan, PrintsHandOffsAndResults) {
  EXPECT_EQ(to_string(make_plan({stage("encoder", "", {map_of("x")}, {map_of("f")}),
                                 stage("depth", "depth", {map_of("f")}, {map_of("y")})})),
            "encoder: encoder on cpu:0\n"
            "depth: depth on cpu:0\n"
            "  x: f32[1,8,4,4] linear, 512 bytes: frame -> encoder\n"
            "  f: f32[1,8,4,4] linear, 512 bytes: encoder -> depth\n"
            "  y: f32[1,8,4,4] linear, 512 bytes: depth -> result depth\n"
            "4 frame slots\n");
}

TEST(Plan, AHandOffThatDoesNotAgreeIsRefused) {
  std::vector<Stage> stages = two_heads();
  stages[3].inputs[0].dtype = DType::Int8;
  EXPECT_THAT(refusal(std::move(stages)),
              testing::StartsWith("'f2' cannot be handed over from stage 'encoder' (cpu:0) to "
                                  "stage 'depth' (cpu:0): "));
}

TEST(Plan, AStageMayPassOnWhatItReads) {
  const Plan plan =
      make_plan({stage("encoder", "", {map_of("image")}, {map_of("image")})}, {"image"});
  ASSERT_EQ(plan.edges.size(), 2U);
  EXPECT_EQ(frame_inputs(plan), std::vector<std::size_t>{0});
  EXPECT_EQ(plan.results.front().edge, 1U);
  EXPECT_TRUE(producers_of(plan, 0).empty());
}

TEST(Plan, CirclesAndDoubleMakersAreRefused) {
  EXPECT_EQ(refusal({stage("a", "", {map_of("x")}, {map_of("y")}),
                     stage("b", "", {map_of("y")}, {map_of("x")})}),
            "stage 'a' (cpu:0) needs, by way of others, what it makes itself");
  EXPECT_EQ(refusal({stage("a", "", {}, {map_of("y")}), stage("b", "", {}, {map_of("y")})}),
            "stage 'a' (cpu:0) and stage 'b' (cpu:0) both make 'y'");
  EXPECT_THROW((void)make_plan(two_heads(), {"image"}), Error);
}

}  // namespace
}  // namespace mtmi
