#include "mtmi/report/pipeline_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::report {
namespace {

using testing::DoubleEq;
using testing::IsEmpty;
using testing::SizeIs;

Report report_of(const std::vector<std::pair<const char*, const char*>>& hand_offs,
                 const std::vector<const char*>& stages) {
  Report report;
  for (const char* stage : stages) {
    report.stages.emplace_back().name = stage;
  }
  for (const auto& [from, to] : hand_offs) {
    report.hand_offs.push_back(
        {.from = from, .to = to, .tensor = "x", .format = "f32", .bytes = 100});
  }
  return report;
}

TEST(PipelineLayout, PutsAStageBehindAllThatItReadsFrom) {
  const PipelineLayout layout = lay_out(report_of({{"frame", "encoder"},
                                                   {"encoder", "head"},
                                                   {"head", "tail"},
                                                   {"encoder", "tail"},
                                                   {"tail", "result"}},
                                                  {"encoder", "head", "tail"}));
  EXPECT_EQ(layout.boxes.at("frame").layer, 0U);
  EXPECT_EQ(layout.boxes.at("encoder").layer, 1U);
  EXPECT_EQ(layout.boxes.at("head").layer, 2U);
  EXPECT_EQ(layout.boxes.at("tail").layer, 3U);
  EXPECT_EQ(layout.boxes.at("result").layer, 4U);
  EXPECT_EQ(layout.layers, 5U);
}

TEST(PipelineLayout, BoxesOfALayerStandAroundItsMiddle) {
  const PipelineLayout layout = lay_out(report_of(
      {{"frame", "e"}, {"e", "a"}, {"e", "b"}, {"a", "result"}, {"b", "result"}}, {"e", "a", "b"}));
  EXPECT_THAT(layout.boxes.at("e").rank, DoubleEq(0.0));
  EXPECT_THAT(layout.boxes.at("a").rank, DoubleEq(-0.5));
  EXPECT_THAT(layout.boxes.at("b").rank, DoubleEq(0.5));
  EXPECT_THAT(layout.ranks, DoubleEq(2.0));
}

TEST(PipelineLayout, AddsUpTheTensorsOfAnArrow) {
  const PipelineLayout layout = lay_out(
      report_of({{"frame", "e"}, {"e", "a"}, {"e", "a"}, {"e", "a"}, {"a", "result"}}, {"e", "a"}));
  ASSERT_THAT(layout.routes, SizeIs(3));
  EXPECT_EQ(layout.routes[1].tensors, 3U);
  EXPECT_EQ(layout.routes[1].bytes, 300U);
}

TEST(PipelineLayout, KeepsRoomForAnArrowThatPassesABox) {
  // A feature that is a result, too: its arrow goes from the encoder past the head.
  const PipelineLayout layout = lay_out(
      report_of({{"frame", "e"}, {"e", "a"}, {"a", "result"}, {"e", "result"}}, {"e", "a"}));
  const Route& passing = layout.routes[3];
  ASSERT_THAT(passing.via, SizeIs(1));
  EXPECT_EQ(passing.via[0].layer, layout.boxes.at("a").layer);
  EXPECT_GT(passing.via[0].rank, layout.boxes.at("a").rank + 0.5);
  EXPECT_THAT(layout.routes[1].via, IsEmpty());
}

TEST(PipelineLayout, StagesStandInTheOrderOfWhatTheyRead) {
  // Listed tails first to last, fed by the heads the other way round.
  const PipelineLayout layout = lay_out(report_of({{"frame", "e"},
                                                   {"e", "a"},
                                                   {"e", "b"},
                                                   {"b", "b_tail"},
                                                   {"a", "a_tail"},
                                                   {"b_tail", "result"},
                                                   {"a_tail", "result"}},
                                                  {"e", "a", "b", "b_tail", "a_tail"}));
  EXPECT_LT(layout.boxes.at("a_tail").rank, layout.boxes.at("b_tail").rank);
}

TEST(PipelineLayout, IgnoresArrowsThatLeadNowhere) {
  const PipelineLayout layout =
      lay_out(report_of({{"frame", "e"}, {"e", "nowhere"}, {"e", "e"}}, {"e"}));
  EXPECT_THAT(layout.routes, SizeIs(1));
}

}  // namespace
}  // namespace mtmi::report
