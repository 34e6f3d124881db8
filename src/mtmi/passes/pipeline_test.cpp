#include "mtmi/passes/pipeline.h"

#include <gtest/gtest.h>

#include "mtmi/graph/structural_hash.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/passes/equal_outputs.h"
#include "mtmi/passes/random_network.h"

namespace mtmi::passes {
namespace {

Graph simplified(std::string_view text) {
  Graph graph = parse_text(text);
  ops::infer_types(graph);
  return run_pipeline(std::move(graph), simplify_passes()).graph;
}

class RandomNetwork : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomNetwork, EveryPassKeepsTheOutputs) {
  const Graph before = random_network(GetParam());
  const TensorMap inputs = random_inputs(before, 1);
  const TensorMap expected = interpret(before, inputs);
  for (const Pass& pass : all_passes()) {
    SCOPED_TRACE(pass.name);
    if (!pass.is_exact) {
      continue;
    }
    const Graph after = pass.run(before);
    EXPECT_EQ(find_defect(after), std::nullopt);
    expect_equal_outputs(expected, interpret(after, inputs));
  }
}

TEST_P(RandomNetwork, ThePipelineKeepsTheOutputsAndComesToAnEnd) {
  const Graph before = random_network(GetParam());
  const TensorMap inputs = random_inputs(before, 1);
  const PipelineResult after = run_pipeline(before, simplify_passes());
  EXPECT_LT(after.rounds, kMaxRounds);
  EXPECT_LE(after.graph.order().size(), before.order().size());
  expect_equal_outputs(interpret(before, inputs), interpret(after.graph, inputs));
  const PipelineResult again = run_pipeline(after.graph, simplify_passes());
  EXPECT_EQ(to_text(again.graph), to_text(after.graph));
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetwork, testing::Range<std::uint64_t>(0, 40));

TEST(Pipeline, ReportsWhatChangedSomething) {
  Graph graph = parse_text("graph { input %x: f32[2] %a = Identity(%x) %y = Relu(%a) output %y }");
  ops::infer_types(graph);
  std::vector<std::string> changed;
  const PipelineResult result =
      run_pipeline(std::move(graph), simplify_passes(), [&](std::string_view pass, const Graph&) {
        changed.emplace_back(pass);
      });
  EXPECT_EQ(changed, std::vector<std::string>{"remove_no_ops"});
  EXPECT_EQ(result.rounds, 2);
}

/// The same layer as two exporters write it.
TEST(Pipeline, TwoSpellingsOfOneNetworkEndAsTheSameGraph) {
  const Graph by_nodes = simplified(R"(graph {
    input %x: f32[1,4,2,3]
    const %w: f32[4,4] = random(1)
    const %axes: s64[1] = [-1]
    const %two: f32[] = [2]
    const %eps: f32[] = [0.00001]
    const %gamma: f32[4] = random(2)
    const %beta: f32[4] = random(3)
    const %tokens: s64[3] = [1, 4, -1]
    const %map: s64[4] = [1, 4, 2, 3]
    %a = Reshape(%x, %tokens)
    %b = Transpose(%a) {perm = [0, 2, 1]}
    %m = ReduceMean(%b, %axes)
    %c = Sub(%b, %m)
    %d = Pow(%c, %two)
    %v = ReduceMean(%d, %axes)
    %e = Add(%v, %eps)
    %f = Sqrt(%e)
    %g = Div(%c, %f)
    %h = Mul(%g, %gamma)
    %i = Add(%h, %beta)
    %t = Transpose(%w) {perm = [1, 0]}
    %j = MatMul(%i, %t)
    %k = Transpose(%j) {perm = [0, 2, 1]}
    %y = Reshape(%k, %map)
    output %y
  })");
  const Graph by_layers = simplified(R"(graph {
    input %in: f32[1,4,2,3]
    const %w: f32[4,4] = random(1)
    const %gamma: f32[4] = random(2)
    const %beta: f32[4] = random(3)
    %w1 = Transpose(%w) {perm = [1, 0]}
    %a = Transpose(%in) {perm = [0, 2, 3, 1]}
    %b = LayerNormalization(%a, %gamma, %beta) {axis = 3, epsilon = 0.00001, stash_type = 1}
    %c = MatMul(%b, %w1)
    %out = Transpose(%c) {perm = [0, 3, 1, 2]}
    output %out
  })");
  EXPECT_EQ(structural_hash(by_nodes), structural_hash(by_layers))
      << to_text(by_nodes) << to_text(by_layers);
  EXPECT_EQ(by_nodes.order().size(), 4U);
}

}  // namespace
}  // namespace mtmi::passes
