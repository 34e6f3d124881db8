#include "mtmi/dla/fused_layers.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::dla {
namespace {

using testing::ElementsAre;

std::string join(const Graph& graph, const std::vector<ValueId>& values) {
  std::string text;
  for (const ValueId value : values) {
    text += (text.empty() ? "" : " ") + graph.value(value).name;
  }
  return text;
}

/// One line a layer: "Conv+Relu: x -> y", with "half" behind what leaves as one.
std::vector<std::string> layers_of(const std::string& body) {
  Graph graph = parse_text(
      "graph \"g\" {\n input %x: f32[1,4,8,8]\n input %z: f32[1,4,8,8]\n"
      " const %w: f32[4,4,1,1] = random(1)\n const %v: f32[4] = splat(1.0)\n"
      " const %zero: f32[] = [0.0]\n const %six: f32[] = [6.0]\n" +
      body + "\n}");
  ops::infer_types(graph);
  std::vector<std::string> lines;
  for (const FusedLayer& layer : fuse_layers(graph)) {
    std::string line;
    for (const NodeId node : layer.nodes) {
      line += (line.empty() ? "" : "+") + graph.node(node).op;
    }
    line += ": " + join(graph, layer.inputs) + " -> " + join(graph, layer.outputs);
    lines.push_back(line + (layer.leaves_as_half ? " half" : ""));
  }
  return lines;
}

TEST(FusedLayers, AConvolutionTakesItsNormalizationAndActivation) {
  EXPECT_THAT(layers_of("%a = Conv(%x, %w)\n %b = BatchNormalization(%a, %v, %v, %v, %v)\n"
                        "%c = Relu(%b)\n %d = Relu(%c)\n output %d"),
              ElementsAre("Conv+BatchNormalization+Relu: x -> c", "Relu: c -> d"));
}

TEST(FusedLayers, WhatAnotherReadsOrTheGraphGivesIsNotFusedAway) {
  EXPECT_THAT(layers_of("%a = Conv(%x, %w)\n %b = Relu(%a)\n %c = Add(%a, %b)\n output %c"),
              ElementsAre("Conv: x -> a", "Relu: a -> b", "Add: a b -> c"));
  EXPECT_THAT(layers_of("%a = Conv(%x, %w)\n %b = Relu(%a)\n output %a\n output %b"),
              ElementsAre("Conv: x -> a", "Relu: a -> b"));
}

TEST(FusedLayers, AnActivationComesBehindTheNormalizationOnly) {
  EXPECT_THAT(layers_of("%a = Conv(%x, %w)\n %b = LeakyRelu(%a)\n"
                        "%c = BatchNormalization(%b, %v, %v, %v, %v)\n output %c"),
              ElementsAre("Conv+LeakyRelu: x -> b", "BatchNormalization: b -> c"));
}

TEST(FusedLayers, SumsTakeActivationsProductsOfTensorsDoNot) {
  EXPECT_THAT(layers_of("%a = Sub(%x, %z)\n %b = Clip(%a, %zero, %six)\n %c = Mul(%b, %z)\n"
                        "%d = Relu(%c)\n output %d"),
              ElementsAre("Sub+Clip: x z -> b", "Mul: b z -> c", "Relu: c -> d"));
}

TEST(FusedLayers, ANormalizationFollowsASumOfTensorsNotAScaling) {
  EXPECT_THAT(
      layers_of("%a = Add(%x, %z)\n %b = BatchNormalization(%a, %v, %v, %v, %v)\n output %b"),
      ElementsAre("Add+BatchNormalization: x z -> b"));
  EXPECT_THAT(
      layers_of("%a = Add(%x, %six)\n %b = BatchNormalization(%a, %v, %v, %v, %v)\n output %b"),
      ElementsAre("Add: x -> a", "BatchNormalization: a -> b"));
}

TEST(FusedLayers, AnAccumulatorLeavesAsHalfForAFunctionThatAloneReadsIt) {
  EXPECT_THAT(layers_of("%a = Conv(%x, %w)\n %b = Sigmoid(%a)\n output %b"),
              ElementsAre("Conv: x -> a half", "Sigmoid: a -> b"));
  EXPECT_THAT(layers_of("%a = Conv(%x, %w)\n %r = Relu(%a)\n %b = Tanh(%r)\n output %b"),
              ElementsAre("Conv+Relu: x -> r half", "Tanh: r -> b"));
  EXPECT_THAT(layers_of("%a = Conv(%x, %w)\n %b = Sigmoid(%a)\n %c = Mul(%a, %b)\n output %c"),
              ElementsAre("Conv: x -> a", "Sigmoid: a -> b", "Mul: a b -> c"));
  EXPECT_THAT(layers_of("%a = Abs(%x)\n %b = Sigmoid(%a)\n output %b"),
              ElementsAre("Abs: x -> a", "Sigmoid: a -> b"));
}

TEST(FusedLayers, AComparisonTakesItsCasts) {
  EXPECT_THAT(layers_of("%a = Equal(%x, %z)\n %b = Cast(%a) {to = 1}\n %c = Cast(%a) {to = 1}\n"
                        "%d = Add(%b, %c)\n output %d"),
              ElementsAre("Equal+Cast+Cast: x z -> b c", "Add: b c -> d"));
}

TEST(FusedLayers, SumsInsideALayerAreNotExchanged) {
  const Graph graph = parse_text(R"(graph "g" {
    input %x: f32[1,1,2,2]
    const %w: f32[1,1,1,1] = [1]
    %sums = Conv(%x, %w)
    %r = Relu(%sums)
    %y = Sigmoid(%r)
    output %y
  })");
  EXPECT_THAT(exchanged_tensors(graph), ElementsAre("r", "x", "y"));
}

TEST(FusedLayers, AValueReadTwiceIsOneInput) {
  EXPECT_THAT(layers_of("%a = Mul(%x, %x)\n output %a"), ElementsAre("Mul: x -> a"));
}

TEST(FusedLayers, ComputedBoundsStayOutside) {
  EXPECT_THAT(layers_of("input %bound: f32[]\n %a = Conv(%x, %w)\n"
                        "%b = Clip(%a, %zero, %bound)\n output %b"),
              ElementsAre("Conv: x -> a", "Clip: a bound -> b"));
}

}  // namespace
}  // namespace mtmi::dla
