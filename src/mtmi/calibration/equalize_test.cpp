#include "mtmi/calibration/equalize.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/calibration/layered_head_for_tests.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/quant/graph_hash.h"

namespace mtmi::calibration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Two channels between two Convs; the first is ten times the input, the second a tenth.
Graph unequal_channels() {
  Graph graph = parse_text(R"(graph "head" {
    input %x: f32[1,1,1,2]
    const %w1: f32[2,1,1,1] = [10, 0.1]
    const %w2: f32[1,2,1,1] = [1, 1]
    %a: f32[1,2,1,2] = Conv(%x, %w1)
    %out: f32[1,1,1,2] = Conv(%a, %w2)
    output %out
  })");
  ops::infer_types(graph);
  return graph;
}

TensorMap pixels(float left, float right) {
  return {{"x", Tensor::from<float>(Shape{1, 1, 1, 2}, {left, right})}};
}

std::vector<float> weights_of(const Graph& graph, const char* output) {
  const NodeId node = *graph.producer(*graph.find_value(output));
  const auto data = graph.value(graph.node(node).inputs[1]).constant->data<float>();
  return {data.begin(), data.end()};
}

TEST(Equalize, KeepsTheResultWithinItsRoundingAndChangesTheWeights) {
  const auto cpu = make_cpu_backend();
  const Graph head = layered_head();
  const std::vector<TensorMap> samples = samples_of(head, 3, 11);
  const Graph other = equalized(*cpu, head, samples, ignore_progress);
  EXPECT_NE(quant::graph_hash(other), quant::graph_hash(head));
  const std::vector<float> expected = outputs_of(head, {}, samples);
  const std::vector<float> got = outputs_of(other, {}, samples);
  const auto [low, high] = std::minmax_element(expected.begin(), expected.end());
  EXPECT_THAT(got, testing::Pointwise(testing::FloatNear(1e-5F * (*high - *low)), expected));
}

TEST(Equalize, GoesByTheLargestMagnitudeThatAChannelHoldsOnAnySample) {
  const auto cpu = make_cpu_backend();
  // Peaks of 40 and 0.4, the largest from the second sample's -4: both become their mean, 4.
  const Graph other = equalized(*cpu,
                                unequal_channels(),
                                std::vector{pixels(1.0F, 2.0F), pixels(-4.0F, 3.0F)},
                                ignore_progress);
  EXPECT_THAT(weights_of(other, "a"), ElementsAre(testing::FloatEq(1), testing::FloatEq(1)));
  EXPECT_THAT(weights_of(other, "out"), ElementsAre(testing::FloatEq(10), testing::FloatEq(0.1F)));
}

TEST(Equalize, TellsOfEverySample) {
  const auto cpu = make_cpu_backend();
  const Graph head = layered_head();
  std::vector<std::int64_t> done;
  (void)equalized(*cpu, head, samples_of(head, 3, 11), [&done](const Progress& progress) {
    EXPECT_EQ(progress.total, 3);
    done.push_back(progress.done);
  });
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
}

TEST(Equalize, NamesATensorThatHoldsWhatIsNotFinite) {
  const auto cpu = make_cpu_backend();
  const std::vector<TensorMap> samples{pixels(1.0F, std::numeric_limits<float>::infinity())};
  try {
    (void)equalized(*cpu, unequal_channels(), samples, ignore_progress);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidModel);
    EXPECT_THAT(error.what(), HasSubstr("tensor 'a' holds a value that is not finite"));
  }
}

TEST(Equalize, LeavesAHeadAloneThatHasNothingToEqualize) {
  const auto cpu = make_cpu_backend();
  Graph head = parse_text(R"(graph "head" {
    input %x: f32[1,1,1,2]
    %out: f32[1,1,1,2] = Relu(%x)
    output %out
  })");
  const Graph same = equalized(*cpu, head, std::vector{pixels(1.0F, 2.0F)}, ignore_progress);
  EXPECT_EQ(quant::graph_hash(same), quant::graph_hash(head));
}

}  // namespace
}  // namespace mtmi::calibration
