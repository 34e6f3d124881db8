#include "mtmi/calibration/correct.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/calibration/equalize.h"
#include "mtmi/calibration/tuning_samples.h"
#include "mtmi/core/random.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/device/convert.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/runtime/session.h"

namespace mtmi::calibration {
namespace {

// Convs with and without bias, stride and padding; a concatenation; one that a group keeps out.
Graph small_head() {
  Graph graph = parse_text(R"(graph "head" {
    input %near: f32[1,6,12,16]
    input %far: f32[1,8,6,8]
    const %w1: f32[10,8,3,3] = random(1)
    const %b1: f32[10] = random(2)
    const %w2: f32[8,16,3,3] = random(3)
    const %w3: f32[8,1,3,3] = random(4)
    const %w4: f32[5,8,3,3] = random(5)
    const %scales: f32[4] = [1, 1, 2, 2]
    %conv1: f32[1,10,6,8] = Conv(%far, %w1, %b1) {pads = [1, 1, 1, 1]}
    %relu1: f32[1,10,6,8] = Relu(%conv1)
    %large: f32[1,10,12,16] = Resize(%relu1, _, %scales) {mode = "linear"}
    %both: f32[1,16,12,16] = Concat(%large, %near) {axis = 1}
    %conv2: f32[1,8,12,16] = Conv(%both, %w2) {pads = [1, 1, 1, 1]}
    %relu2: f32[1,8,12,16] = Relu(%conv2)
    %conv3: f32[1,8,12,16] = Conv(%relu2, %w3) {pads = [1, 1, 1, 1], group = 8}
    %out: f32[1,5,6,8] = Conv(%conv3, %w4) {pads = [1, 1, 1, 1], strides = [2, 2]}
    output %out
  })");
  ops::infer_types(graph);
  return graph;
}

std::vector<TensorMap> samples_of(const Graph& head, std::size_t count, std::uint64_t seed) {
  std::vector<TensorMap> samples(count);
  for (TensorMap& sample : samples) {
    for (const ValueId id : head.inputs()) {
      sample.emplace(head.value(id).name,
                     random_tensor(DType::Float32, head.type(id).shape, seed++, 0.0F, 1.0F));
    }
  }
  return samples;
}

/// Scales from the largest value of each tensor; Concat's one for all.
std::map<std::string, float> scales_of(const Graph& head, const std::vector<TensorMap>& samples) {
  CompileOptions options;
  for (const NodeId id : head.order()) {
    options.observe.push_back(head.value(head.node(id).outputs[0]).name);
  }
  std::map<std::string, float> scales;
  const auto widen = [&](std::string_view name, const Tensor& tensor) {
    float& scale = scales[std::string(name)];
    for (const float x : tensor.data<float>()) {
      scale = std::max(scale, std::abs(x) / 127.0F);
    }
  };
  const auto cpu = make_cpu_backend();
  Session session(*cpu, head, options);
  session.set_observer(widen);
  for (const TensorMap& sample : samples) {
    for (const auto& [name, tensor] : sample) {
      widen(name, tensor);
    }
    static_cast<void>(session.run(sample));
  }
  scales["large"] = scales["near"] = scales["both"];
  return scales;
}

std::vector<float> outputs_of(const Graph& head,
                              const std::map<std::string, float>& scales,
                              const std::vector<TensorMap>& samples) {
  CompileOptions options;
  options.precision = scales.empty() ? Precision::Float32 : Precision::Int8;
  options.scales = scales;
  options.scales.erase("out");
  const auto cpu = make_cpu_backend();
  Session session(*cpu, head, options);
  std::vector<float> all;
  for (const TensorMap& sample : samples) {
    const Tensor out = to_real(session.run(sample).at("out"), 0.0F);
    all.insert(all.end(), out.data<float>().begin(), out.data<float>().end());
  }
  return all;
}

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
  const Graph head = small_head();
  const auto cpu = make_cpu_backend();
  const std::vector<TensorMap> samples = samples_of(head, 16, 100);
  const std::vector<TensorMap> unseen = samples_of(head, 16, 900);
  const auto scales = scales_of(head, samples);
  const Graph other = corrected(*cpu, head, scales, samples, corrections);
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
    const Graph other =
        corrected(*cpu, head, scales, slopes(16, 100), {.feedback = feedback, .bias = false});
    return errors_of(expected, outputs_of(other, scales, unseen)).squared;
  };
  EXPECT_LT(loss(true), 0.6 * loss(false));
}

TEST(Correct, TheOrderOfSamplesChangesNoBitOfABias) {
  const auto cpu = make_cpu_backend();
  const Graph head = small_head();
  std::vector<TensorMap> samples = samples_of(head, 5, 7);
  const auto scales = scales_of(head, samples);
  const Corrections bias{.feedback = false, .bias = true};
  const Graph forwards = corrected(*cpu, head, scales, samples, bias);
  std::reverse(samples.begin(), samples.end());
  const Graph backwards = corrected(*cpu, head, scales, samples, bias);
  EXPECT_EQ(quant::graph_hash(forwards), quant::graph_hash(backwards));
  EXPECT_NE(quant::graph_hash(forwards), quant::graph_hash(head));
}

TEST(Correct, LeavesAHeadAloneThatHasNothingInInt8) {
  const auto cpu = make_cpu_backend();
  const Graph head = small_head();
  const Graph same =
      corrected(*cpu, head, {}, samples_of(head, 1, 3), {.feedback = true, .bias = true});
  EXPECT_EQ(quant::graph_hash(same), quant::graph_hash(head));
}

TEST(Equalize, KeepsTheResultWithinItsRoundingAndChangesTheWeights) {
  const auto cpu = make_cpu_backend();
  const Graph head = small_head();
  const std::vector<TensorMap> samples = samples_of(head, 3, 11);
  const Graph other = equalized(*cpu, head, samples);
  EXPECT_NE(quant::graph_hash(other), quant::graph_hash(head));
  const std::vector<float> expected = outputs_of(head, {}, samples);
  const std::vector<float> got = outputs_of(other, {}, samples);
  const auto [low, high] = std::minmax_element(expected.begin(), expected.end());
  EXPECT_THAT(got, testing::Pointwise(testing::FloatNear(1e-5F * (*high - *low)), expected));
}

TEST(TuningSamples, AreTheSameForEveryOrderOfImagesAndNoMoreThanTheirLimit) {
  std::vector<std::size_t> images(3 * kTuningImages);
  std::iota(images.begin(), images.end(), std::size_t{0});
  const auto take = [&images] {
    FeatureSource source{
        .count = images.size(),
        .digest = [&](std::size_t i) { return std::to_string(images[i] * 7919 % 1000); },
        .load =
            [&](std::size_t i) {
              return TensorMap{
                  {"f", Tensor::from<float>(Shape{1}, {static_cast<float>(images[i])})}};
            }};
    std::vector<float> taken;
    for (const TensorMap& sample : take_tuning_samples(source)) {
      taken.push_back(sample.at("f").data<float>()[0]);
    }
    return taken;
  };
  const std::vector<float> once = take();
  EXPECT_EQ(once.size(), kTuningImages);
  std::reverse(images.begin(), images.end());
  EXPECT_EQ(take(), once);
}

}  // namespace
}  // namespace mtmi::calibration
