#include "mtmi/ops/output_agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::ops {
namespace {

constexpr const char* kNetwork = R"(graph "g" {
  input %x: f32[1,3,64,64]
  %scores = Relu(%x)
  %indices = ArgMax(%scores) {axis = -3, keepdims = 0}
  %labels = Cast(%indices) {to = 6}
  %depth = Sigmoid(%scores)
  %rounded = Cast(%depth) {to = 6}
  output %labels
  output %depth
  output %rounded
})";

Graph network() {
  Graph graph = parse_text(kNetwork);
  infer_types(graph);
  return graph;
}

/// Outputs as they are expected: class 0 everywhere.
TensorMap expected_outputs() {
  return {{"labels", Tensor(DType::Int32, Shape{1, 64, 64})},
          {"depth", Tensor(DType::Float32, Shape{1, 3, 64, 64})},
          {"rounded", Tensor(DType::Int32, Shape{1, 3, 64, 64})}};
}

TensorMap with_label(std::size_t pixel, std::int32_t label) {
  TensorMap outputs = expected_outputs();
  outputs.at("labels").data<std::int32_t>()[pixel] = label;
  return outputs;
}

/// Stands for the reference: scores in which classes 0 and 1 nearly tie at pixel 7.
class ScoreRunner {
 public:
  TensorMap operator()(const Graph& graph) {
    ++calls;
    asked = graph.value(graph.outputs().front()).name;
    nodes = graph.order().size();
    Tensor scores(DType::Float32, Shape{1, 3, 64, 64});
    for (std::size_t i = 0; i < 4096; ++i) {
      scores.data<float>()[i] = 1.0F;
    }
    scores.data<float>()[4096 + 7] = 0.9999F;
    return {{asked, scores}};
  }

  int calls = 0;
  std::string asked;
  std::size_t nodes = 0;
};

bool labels_agree(const TensorMap& got, ScoreRunner& runner) {
  const auto results = compare_outputs(network(), expected_outputs(), got, std::ref(runner));
  return agrees(results.front().agreement, results.front().dtype, 1e-3);
}

TEST(OutputAgreement, FindsTheScoresBehindACast) {
  const Graph graph = network();
  const auto source = find_label_source(graph, *graph.find_value("labels"));
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(graph.value(source->scores).name, "scores");
  EXPECT_EQ(source->axis, 1);
}

TEST(OutputAgreement, OtherOutputsHaveNoScores) {
  const Graph graph = network();
  EXPECT_FALSE(find_label_source(graph, *graph.find_value("depth")).has_value());
  EXPECT_FALSE(find_label_source(graph, *graph.find_value("rounded")).has_value());
  EXPECT_FALSE(find_label_source(graph, *graph.find_value("x")).has_value());
}

TEST(OutputAgreement, ATieAt64x64IsAccepted) {
  ScoreRunner runner;
  EXPECT_TRUE(labels_agree(with_label(7, 1), runner));
  EXPECT_EQ(runner.asked, "scores");
  EXPECT_EQ(runner.nodes, 1U);
}

TEST(OutputAgreement, OneLabelAt64x64ThatIsNoTieIsRefused) {
  ScoreRunner runner;
  EXPECT_FALSE(labels_agree(with_label(8, 1), runner));
  EXPECT_FALSE(labels_agree(with_label(7, 2), runner));
}

TEST(OutputAgreement, EqualLabelsNeedNoSecondRun) {
  ScoreRunner runner;
  EXPECT_TRUE(labels_agree(expected_outputs(), runner));
  EXPECT_EQ(runner.calls, 0);
}

}  // namespace
}  // namespace mtmi::ops
