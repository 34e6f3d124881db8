#include "mtmi/calibration/correct.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/calibration/layered_head_for_tests.h"
#include "mtmi/core/progress.h"
#include "mtmi/core/random.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/quant/graph_hash.h"

namespace mtmi::calibration {
namespace {

struct Errors {
  double of_means = 0.0;  ///< sum over the five channels of |mean difference|
  double squared = 0.0;   ///< mean of squares
};

Errors errors_of(const std::vector<float>& expected, const std::vector<float>& got) {
  constexpr std::size_t kPlane = 48;
  std::vector<double> sums(5, 0.0);
  Errors errors;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = static_cast<double>(got[i] - expected[i]);
    sums[i / kPlane % sums.size()] += difference;
    errors.squared += difference * difference / static_cast<double>(expected.size());
  }
  for (const double sum : sums) {
    errors.of_means += std::abs(sum) * 5.0 / static_cast<double>(expected.size());
  }
  return errors;
}

// One layer, so that with inputs on the INT8 grid only its weights are rounded.
Graph one_layer() {
  Graph graph = parse_text(R"(graph "head" {
    input %x: f32[1,8,12,16]
    const %w: f32[20,8,3,3] = random(1)
    %out: f32[1,20,6,8] = Conv(%x, %w) {pads = [1, 1, 1, 1], strides = [2, 2]}
    output %out
  })");
  ops::infer_types(graph);
  return graph;
}

/// Each channel rises from left to right: neighbours are alike, as they are in pictures.
std::vector<TensorMap> slopes(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<TensorMap> samples(count);
  for (TensorMap& sample : samples) {
    Tensor x(DType::Float32, Shape{1, 8, 12, 16});
    const auto values = x.data<float>();
    for (std::size_t row = 0; row < values.size() / 16; ++row) {
      const float level = random.uniform(0.0F, 90.0F);
      const float slope = random.uniform(0.0F, 2.0F);
      for (std::size_t i = 0; i < 16; ++i) {
        values[row * 16 + i] = std::round(level + slope * static_cast<float>(i));
      }
    }
    sample.emplace("x", std::move(x));
  }
  return samples;
}

/// What INT8 loses on samples of another seed, with corrections made on `samples`.
Errors errors_with(const Corrections& corrections) {
  const Graph head = layered_head();
  const auto cpu = make_cpu_backend();
  const std::vector<TensorMap> samples = samples_of(head, 16, 100);
  const std::vector<TensorMap> unseen = samples_of(head, 16, 900);
  const auto scales = scales_of(head, samples);
  const Graph other = corrected(*cpu, head, scales, samples, corrections, ignore_progress);
  EXPECT_EQ(find_defect(other), std::nullopt);
  return errors_of(outputs_of(head, {}, unseen), outputs_of(other, scales, unseen));
}

TEST(Correct, ABiasThatIsCorrectedLeavesLessOfTheErrorOfEachChannelsMean) {
  const Errors plain = errors_with({});
  const Errors corrected = errors_with({.feedback = false, .bias = true});
  EXPECT_LT(corrected.of_means, 0.5 * plain.of_means);
  EXPECT_LT(corrected.squared, plain.squared);
}

TEST(Correct, RoundingWithFeedbackLeavesLessOfTheErrorThanRoundingToTheNearest) {
  const auto cpu = make_cpu_backend();
  const Graph head = one_layer();
  const std::map<std::string, float> scales{{"x", 1.0F}};
  const std::vector<TensorMap> unseen = slopes(8, 900);
  const std::vector<float> expected = outputs_of(head, {}, unseen);
  const auto loss = [&](bool feedback) {
    const Graph other = corrected(*cpu,
                                  head,
                                  scales,
                                  slopes(16, 100),
                                  {.feedback = feedback, .bias = false},
                                  ignore_progress);
    return errors_of(expected, outputs_of(other, scales, unseen)).squared;
  };
  EXPECT_LT(loss(true), 0.6 * loss(false));
}

TEST(Correct, TheOrderOfSamplesChangesNoBitOfABias) {
  const auto cpu = make_cpu_backend();
  const Graph head = layered_head();
  std::vector<TensorMap> samples = samples_of(head, 5, 7);
  const auto scales = scales_of(head, samples);
  const Corrections bias{.feedback = false, .bias = true};
  const Graph forwards = corrected(*cpu, head, scales, samples, bias, ignore_progress);
  std::reverse(samples.begin(), samples.end());
  const Graph backwards = corrected(*cpu, head, scales, samples, bias, ignore_progress);
  EXPECT_EQ(quant::graph_hash(forwards), quant::graph_hash(backwards));
  EXPECT_NE(quant::graph_hash(forwards), quant::graph_hash(head));
}

TEST(Correct, LeavesAHeadAloneThatHasNothingInInt8) {
  const auto cpu = make_cpu_backend();
  const Graph head = layered_head();
  const Graph same = corrected(
      *cpu, head, {}, samples_of(head, 1, 3), {.feedback = true, .bias = true}, ignore_progress);
  EXPECT_EQ(quant::graph_hash(same), quant::graph_hash(head));
}

}  // namespace
}  // namespace mtmi::calibration
