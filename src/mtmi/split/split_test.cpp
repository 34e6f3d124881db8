#include "mtmi/split/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/split/prove.h"

namespace mtmi::split {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Graph graph_of(const char* text) {
  Graph graph = parse_text(text);
  ops::infer_types(graph);
  return graph;
}

std::string refusal(const Graph& graph, const SplitOptions& options) {
  try {
    static_cast<void>(split_graph(graph, options));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

std::vector<std::string> input_names(const Graph& graph) {
  std::vector<std::string> names;
  for (const ValueId id : graph.inputs()) {
    names.push_back(graph.value(id).name);
  }
  return names;
}

std::vector<std::string> output_names(const Graph& graph) {
  std::vector<std::string> names;
  for (const ValueId id : graph.outputs()) {
    names.push_back(graph.value(id).name);
  }
  return names;
}

// Two features, two heads with tails; the second head reads one feature only.
constexpr const char* kTwoHeads = R"(
graph "g" {
  input %x: f32[1,3,8,8]
  const %w1: f32[4,3,1,1] = random(1)
  const %w2: f32[4,4,1,1] = random(2)
  const %eighty: f32[] = [80]
  %a = Conv(%x, %w1)
  %f1 = Relu(%a)
  %b = Conv(%f1, %w2)
  %f2 = Relu(%b)
  %h = Conv(%f1, %w2)
  %i = Add(%h, %f2)
  %seg = ArgMax(%i) {axis = 1}
  %j = Sigmoid(%f2)
  %depth = Mul(%j, %eighty)
  output %seg
  output %depth
})";

TEST(Split, FindsFeaturesHeadsAndTails) {
  const Graph graph = graph_of(kTwoHeads);
  const Split split = split_graph(graph, {});
  EXPECT_THAT(split.features, ElementsAre("f1", "f2"));
  EXPECT_EQ(split.hand_off_bytes, 2U * 4 * 8 * 8 * 4);
  ASSERT_EQ(split.heads.size(), 2U);
  EXPECT_EQ(split.heads[0].name, "seg");
  EXPECT_THAT(input_names(split.heads[0].graph), ElementsAre("f1", "f2"));
  EXPECT_THAT(output_names(split.heads[0].graph), ElementsAre("i"));
  EXPECT_THAT(output_names(*split.heads[0].tail), ElementsAre("seg"));
  EXPECT_THAT(input_names(split.heads[1].graph), ElementsAre("f2"));
  EXPECT_THAT(output_names(split.heads[1].graph), ElementsAre("j"));
}

TEST(Split, EveryPartIsAGraphByItself) {
  const Split split = split_graph(graph_of(kTwoHeads), {});
  EXPECT_EQ(find_defect(split.encoder), std::nullopt);
  for (const Head& head : split.heads) {
    EXPECT_EQ(find_defect(head.graph), std::nullopt);
    EXPECT_EQ(find_defect(*head.tail), std::nullopt);
  }
}

TEST(Split, NamedCutIsTaken) {
  const Split split = split_graph(graph_of(kTwoHeads), {.cut = {"a"}, .tail = {}});
  EXPECT_THAT(split.features, ElementsAre("a"));
  // Behind `a` both results need the same nodes: one head.
  ASSERT_EQ(split.heads.size(), 1U);
  EXPECT_THAT(split.heads[0].results, ElementsAre("seg", "depth"));
}

TEST(Split, CutThatDoesNotCloseShowsTheWayAround) {
  EXPECT_THAT(refusal(graph_of(kTwoHeads), {.cut = {"f2"}, .tail = {}}),
              HasSubstr("the cut does not close: 'x' -> 'a' -> 'f1'"));
}

TEST(Split, UnknownTensorIsNamed) {
  EXPECT_THAT(refusal(graph_of(kTwoHeads), {.cut = {"f9"}, .tail = {}}),
              HasSubstr("there is no tensor 'f9'"));
}

TEST(Split, OneOutputIsNothingToSplit) {
  EXPECT_EQ(refusal(graph_of(R"(graph "g" { input %x: f32[2] %y = Relu(%x) output %y })"), {}),
            "there is nothing to split: the network has one output");
}

TEST(Split, UnrelatedOutputsAreNothingToSplit) {
  EXPECT_THAT(refusal(graph_of(R"(graph "g" {
                input %x: f32[2]
                %y = Relu(%x) %z = Sigmoid(%x) output %y output %z })"),
                      {}),
              HasSubstr("share no trunk"));
}

// Both results come out of one node: the way down to it is no trunk of several heads.
TEST(Split, ResultsOfOneTopKAreOneHead) {
  EXPECT_THAT(refusal(graph_of(R"(graph "g" {
                input %x: f32[1,4,8]
                const %k: s64[1] = [3]
                %m = Softmax(%x) %v, %i = TopK(%m, %k) output %v output %i })"),
                      {}),
              HasSubstr("its outputs are those of one head"));
}

TEST(Split, AResultAndWhatIsComputedFromItAreOneHead) {
  EXPECT_THAT(refusal(graph_of(R"(graph "g" {
                input %x: f32[1,4,8]
                const %k: s64[1] = [3]
                %y = Relu(%x) %v, %i = TopK(%y, %k) output %y output %v output %i })"),
                      {}),
              HasSubstr("its outputs are those of one head"));
}

// Two such nodes side by side are two heads.
TEST(Split, EachTopKIsAHead) {
  const Split split = split_graph(graph_of(R"(graph "g" {
      input %x: f32[1,4,8]
      const %k: s64[1] = [3]
      %f = Relu(%x)
      %v, %i = TopK(%f, %k)
      %w, %j = TopK(%f, %k) {largest = 0}
      output %v
      output %i
      output %w
      output %j })"),
                                  {});
  EXPECT_THAT(split.features, ElementsAre("f"));
  ASSERT_THAT(split.heads, SizeIs(2));
  EXPECT_THAT(split.heads[0].results, ElementsAre("v", "i"));
  EXPECT_THAT(split.heads[1].results, ElementsAre("w", "j"));
}

// Without a node that all four need, each of the two would be trunk and end of its results.
TEST(Split, UnrelatedNodesOfSeveralOutputsAreNothingToSplit) {
  EXPECT_THAT(refusal(graph_of(R"(graph "g" {
      input %x: f32[1,4,8]
      const %k: s64[1] = [3]
      %v, %i = TopK(%x, %k)
      %w, %j = TopK(%x, %k) {largest = 0}
      output %v
      output %i
      output %w
      output %j })"),
                      {}),
              HasSubstr("there is nothing to split"));
}

// A Split computes nothing: its results are apart, and each head takes its own.
TEST(Split, ResultsOfOneSplitAreCutAboveIt) {
  const Split split = split_graph(graph_of(R"(graph "g" {
      input %x: f32[1,3,8,8]
      const %w: f32[7,3,1,1] = random(1)
      const %sizes: s64[2] = [3, 4]
      %s = Conv(%x, %w)
      %a, %b = Split(%s, %sizes) {axis = 1}
      output %a
      output %b })"),
                                  {});
  EXPECT_THAT(split.features, ElementsAre("s"));
  ASSERT_THAT(split.heads, SizeIs(2));
  EXPECT_THAT(output_names(split.heads[0].graph), ElementsAre("a"));
  EXPECT_THAT(output_names(split.heads[1].graph), ElementsAre("b"));
  EXPECT_EQ(find_defect(split.heads[1].graph), std::nullopt);
}

// The upsampling is needed by both heads, but costs less to hand over before than after.
TEST(Split, SharedUpsamplingIsHandedOverSmall) {
  const Split split = split_graph(graph_of(R"(graph "g" {
      input %x: f32[1,4,8,8]
      const %scales: f32[4] = [1, 1, 4, 4]
      %f = Relu(%x)
      %up = Resize(%f, _, %scales) {mode = "nearest"}
      %y = Sigmoid(%up)
      %z = Tanh(%up)
      output %y
      output %z })"),
                                  {});
  EXPECT_THAT(split.features, ElementsAre("f"));
  EXPECT_THAT(output_names(split.heads[0].graph), ElementsAre("y"));
}

// An output that a head is computed from is the encoder's.
TEST(Split, AFeatureMayBeAResult) {
  const Split split = split_graph(graph_of(R"(graph "g" {
      input %x: f32[1,4,8,8]
      %f = Relu(%x)
      %y = Sigmoid(%f)
      %z = Tanh(%f)
      output %y
      output %f
      output %z })"),
                                  {});
  EXPECT_THAT(split.feature_results, ElementsAre("f"));
  EXPECT_THAT(output_names(split.encoder), ElementsAre("f"));
  ASSERT_EQ(split.heads.size(), 2U);
}

// Boxes and scores share a neck that the third output does not need: they are one head.
TEST(Split, OutputsThatShareANeckAreOneHead) {
  const Split split = split_graph(graph_of(R"(graph "g" {
      input %x: f32[1,4,8,8]
      %f = Relu(%x)
      %seg = Sigmoid(%f)
      %neck = Tanh(%f)
      %boxes = Sigmoid(%neck)
      %scores = Relu(%neck)
      output %seg
      output %boxes
      output %scores })"),
                                  {});
  EXPECT_THAT(split.features, ElementsAre("f"));
  ASSERT_EQ(split.heads.size(), 2U);
  EXPECT_THAT(split.heads[1].results, ElementsAre("boxes", "scores"));
}

// One head of four results: metres behind a tail, boxes, a share, and the share in percent.
TEST(Split, AResultWithoutATailGoesPastTheTail) {
  const Split split = split_graph(graph_of(R"(graph "net" {
    input %x: f32[1,3,8,8]
    const %w: f32[4,3,1,1] = random(1)
    const %v: f32[4,4,1,1] = random(2)
    const %cap: f32[] = [80]
    %f = Conv(%x, %w)
    %other = Sigmoid(%f)
    %neck = Conv(%f, %v)
    %near = Sigmoid(%neck)
    %metres = Mul(%near, %cap)
    %boxes = Relu(%neck)
    %share = Tanh(%neck)
    %percent = Mul(%share, %cap)
    output %other
    output %metres
    output %boxes
    output %share
    output %percent
  })"),
                                  {.cut = {"f"}, .tail = {}});
  ASSERT_THAT(split.heads, SizeIs(2));
  const Head& head = split.heads[1];
  EXPECT_THAT(head.results, ElementsAre("metres", "boxes", "share", "percent"));
  // What a tail would read is no result: the head computes `percent` itself.
  EXPECT_THAT(output_names(head.graph), ElementsAre("near", "boxes", "share", "percent"));
  ASSERT_TRUE(head.tail.has_value());
  EXPECT_THAT(input_names(*head.tail), ElementsAre("near"));
  EXPECT_THAT(output_names(*head.tail), ElementsAre("metres"));
}

// One head reads tokens, the other the map made of them: the map is handed over.
TEST(Split, MapsArePreferredToTokens) {
  const Graph graph = graph_of(R"(graph "g" {
      input %x: f32[1,16,4]
      const %shape: s64[4] = [1, 4, 4, 4]
      %tokens = Relu(%x)
      %planes = Transpose(%tokens) {perm = [0, 2, 1]}
      %map = Reshape(%planes, %shape)
      %y = Sigmoid(%map)
      %z = Tanh(%tokens)
      output %y
      output %z })");
  const Split split = split_graph(graph, {});
  EXPECT_THAT(split.features, ElementsAre("map"));
  EXPECT_EQ(split.heads[1].graph.type(split.heads[1].graph.outputs()[0]).shape, (Shape{1, 16, 4}));
}

// The second input goes to its head with the frame; the encoder neither reads nor gives it.
TEST(Split, InputOfOneHeadIsNoFeature) {
  const Split split = split_graph(graph_of(R"(graph "g" {
      input %x: f32[1,4,8,8]
      input %other: f32[1,4,8,8]
      %f = Relu(%x)
      %y = Sigmoid(%f)
      %z = Mul(%f, %other)
      output %y
      output %z })"),
                                  {});
  EXPECT_THAT(split.features, ElementsAre("f"));
  EXPECT_THAT(input_names(split.encoder), ElementsAre("x"));
  EXPECT_THAT(input_names(split.heads[1].graph), testing::UnorderedElementsAre("f", "other"));
}

TEST(Split, OutputThatIsAnInputIsRefused) {
  EXPECT_THAT(refusal(graph_of(R"(graph "g" {
                input %x: f32[2]
                %f = Relu(%x) %y = Sigmoid(%f) %z = Tanh(%f)
                output %y output %z output %x })"),
                      {}),
              HasSubstr("output 'x' is an input of the network"));
}

TEST(Split, NamedTailEndsTheHead) {
  const Split split = split_graph(graph_of(kTwoHeads), {.cut = {}, .tail = {"i"}});
  EXPECT_THAT(output_names(split.heads[0].graph), ElementsAre("i"));
  EXPECT_FALSE(split.heads[1].tail.has_value());  // named ones are all there are
}

TEST(Split, TailThatNoResultFollowsIsRefused) {
  EXPECT_THAT(refusal(graph_of(kTwoHeads), {.cut = {}, .tail = {"h"}}),
              HasSubstr("no tail can begin at 'h'"));
}

}  // namespace
}  // namespace mtmi::split
