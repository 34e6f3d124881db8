#include "mtmi/passes/simplify.h"

#include <gtest/gtest.h>

#include "mtmi/graph/structural_hash.h"
#include "mtmi/graph/text.h"
#include "mtmi/passes/equal_outputs.h"
#include "mtmi/passes/random_network.h"

namespace mtmi::passes {
namespace {

/// The fusing layer of a SegFormer head: two levels, projected, enlarged, concatenated.
constexpr std::string_view kHead = R"(graph {
  input %fine: f32[1,8,16,16]
  input %coarse: f32[1,16,4,4]
  const %scales: f32[4] = [1, 1, 4, 4]
  const %w1: f32[64,8,1,1] = random(1)
  const %b1: f32[64] = random(2)
  const %w2: f32[64,16,1,1] = random(3)
  const %b2: f32[64] = random(4)
  const %w3: f32[32,128,1,1] = random(5)
  const %b3: f32[32] = random(6)
  %a = Conv(%fine, %w1, %b1)
  %b = Conv(%coarse, %w2, %b2)
  %c = Resize(%b, _, %scales) {mode = "linear"}
  %d = Concat(%c, %a) {axis = 1}
  %e = Conv(%d, %w3, %b3)
  %y = Relu(%e)
  output %y
})";

SimplifyOptions for_cpu() {
  SimplifyOptions options;
  options.target = Target::Cpu;
  return options;
}

TEST(Simplify, ForACpuLevelsAreFusedAtTheirOwnSize) {
  const Graph before = specialize(parse_text(kHead));
  const Graph after = simplify(before, for_cpu()).graph;
  std::string operators;
  for (const NodeId id : after.order()) {
    operators += after.node(id).op + " ";
  }
  EXPECT_EQ(operators, "Conv Resize Conv Add Relu ");
  const TensorMap inputs = random_inputs(before, 1);
  expect_equal_outputs(interpret(before, inputs), interpret(after, inputs));
}

TEST(Simplify, WithoutATargetTheHeadStaysAsItIs) {
  EXPECT_EQ(simplify(parse_text(kHead)).graph.order().size(), 6U);
}

TEST(Simplify, WhatIsWrittenForOnnxComesBackAsTheSameGraph) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Graph graph = simplify(random_network(seed)).graph;
    const Graph written = expand_for_onnx(graph);
    for (const NodeId id : written.order()) {
      EXPECT_NE(written.node(id).op, "Attention");
    }
    EXPECT_EQ(structural_hash(simplify(written).graph), structural_hash(graph)) << seed;
  }
}

TEST(ParseTarget, KnowsTheDevicesOfTheCommandLine) {
  EXPECT_EQ(parse_target("dla"), Target::Dla);
  EXPECT_EQ(parse_target("gpu"), std::nullopt);
}

TEST(TargetFor, ARealAndASimulatedDlaGetTheSameGraph) {
  EXPECT_EQ(target_for("dla_sim"), Target::Dla);
  EXPECT_EQ(target_for("cudla"), Target::Dla);
  EXPECT_EQ(target_for("cpu"), Target::Cpu);
  EXPECT_EQ(target_for("null"), Target::Any);
}

}  // namespace
}  // namespace mtmi::passes
