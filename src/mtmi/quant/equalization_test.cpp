#include "mtmi/quant/equalization.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random_tensor.h"
#include "mtmi/graph/text.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/operator.h"

namespace mtmi::quant {
namespace {

using testing::ElementsAre;

Graph parse(const std::string& text) {
  Graph graph = parse_text(text);
  ops::infer_types(graph);
  return graph;
}

// A head such as decoders are: layers, a resize, a concatenation with a feature, two readers.
Graph decoder(int seed) {
  const auto random = [seed](int i) { return "random(" + std::to_string(10 * seed + i) + ")"; };
  return parse(R"(graph "decoder" {
    input %far: f32[1,6,4,4]
    input %near: f32[1,5,8,8]
    const %w1: f32[7,6,3,3] = )" +
               random(1) + R"(
    const %b1: f32[7] = )" +
               random(2) + R"(
    const %w2: f32[4,12,3,3] = )" +
               random(3) + R"(
    const %w3: f32[2,4,1,1] = )" +
               random(4) + R"(
    const %w4: f32[3,4,3,3] = )" +
               random(5) + R"(
    const %b4: f32[3] = )" +
               random(6) + R"(
    const %scales: f32[4] = [1, 1, 2, 2]
    %conv1 = Conv(%far, %w1, %b1) {pads = [1, 1, 1, 1]}
    %relu1 = Relu(%conv1)
    %large = Resize(%relu1, _, %scales) {mode = "linear"}
    %both = Concat(%near, %large) {axis = 1}
    %conv2 = Conv(%both, %w2) {pads = [1, 1, 1, 1]}
    %leaky = LeakyRelu(%conv2) {alpha = 0.1}
    %pooled = MaxPool(%leaky) {kernel_shape = [2, 2], strides = [2, 2]}
    %out1 = Conv(%pooled, %w3)
    %out2 = Conv(%leaky, %w4, %b4) {pads = [1, 1, 1, 1]}
    output %out1
    output %out2
  })");
}

TensorMap inputs_of(const Graph& graph, std::uint64_t seed) {
  TensorMap inputs;
  for (const ValueId id : graph.inputs()) {
    inputs.emplace(graph.value(id).name,
                   random_tensor(DType::Float32, graph.type(id).shape, seed++, -1.0F, 2.0F));
  }
  return inputs;
}

std::vector<float> peaks_of(const Tensor& tensor) {
  const auto channels = static_cast<std::size_t>(tensor.shape()[1]);
  std::vector<float> peaks(channels, 0.0F);
  const auto values = tensor.data<float>();
  const std::size_t plane = values.size() / channels;
  for (std::size_t i = 0; i < values.size(); ++i) {
    peaks[i / plane] = std::max(peaks[i / plane], std::abs(values[i]));
  }
  return peaks;
}

/// The peaks of all tensors of a graph on some inputs.
ChannelPeaks all_peaks(const Graph& graph, const TensorMap& inputs) {
  ChannelPeaks peaks;
  for (const auto& [name, tensor] : inputs) {
    peaks.emplace(name, peaks_of(tensor));
  }
  (void)interpret(graph, inputs, [&](const std::string& name, const Tensor& tensor) {
    peaks.emplace(name, peaks_of(tensor));
  });
  return peaks;
}

float largest_of(const std::vector<float>& values) {
  return *std::max_element(values.begin(), values.end());
}

TEST(Equalization, AsksForTheTensorsBetweenConvolutionsAndWhatTheyShareARangeWith) {
  EXPECT_THAT(tensors_to_equalize(decoder(1)), ElementsAre("relu1", "near", "leaky"));
}

TEST(Equalization, KeepsWhatTheNetworkComputes) {
  for (int seed = 1; seed <= 20; ++seed) {
    const Graph graph = decoder(seed);
    const TensorMap inputs = inputs_of(graph, 1000 + static_cast<std::uint64_t>(seed));
    const Graph equalized = equalize(graph, all_peaks(graph, inputs));
    EXPECT_EQ(find_defect(equalized), std::nullopt);
    const TensorMap expected = interpret(graph, inputs);
    const TensorMap got = interpret(equalized, inputs);
    for (const auto& [name, tensor] : expected) {
      const auto want = tensor.data<float>();
      const auto [low, high] = std::minmax_element(want.begin(), want.end());
      const auto have = got.at(name).data<float>();
      for (std::size_t i = 0; i < want.size(); ++i) {
        ASSERT_NEAR(have[i], want[i], 1e-5F * (*high - *low)) << name << " of seed " << seed;
      }
    }
  }
}

TEST(Equalization, GivesEveryChannelTheRangeOfTheFeatureThatItIsConcatenatedWith) {
  const Graph graph = decoder(3);
  const TensorMap inputs = inputs_of(graph, 7);
  const Graph equalized = equalize(graph, all_peaks(graph, inputs));
  const ChannelPeaks peaks = all_peaks(equalized, inputs);
  const float range = largest_of(peaks.at("near"));
  for (const float peak : peaks.at("relu1")) {
    EXPECT_TRUE(peak == 0.0F || std::abs(peak - range) < 1e-4F * range) << peak;
  }
}

TEST(Equalization, ScalesNoChannelByMoreThanItsLimitAndLeavesADeadOneAlone) {
  const Graph graph = parse(R"(graph "g" {
    input %x: f32[1,1,2,2]
    const %w1: f32[3,1,1,1] = [1, 1, 1]
    const %w2: f32[1,3,1,1] = [1, 1, 1]
    %a = Conv(%x, %w1)
    %b = Conv(%a, %w2)
    output %b
  })");
  const Graph equalized = equalize(graph, {{"a", {1e6F, 1e-6F, 0.0F}}});
  const auto weights = [&](const char* output) {
    const NodeId node = *equalized.producer(*equalized.find_value(output));
    const auto data = equalized.value(equalized.node(node).inputs[1]).constant->data<float>();
    return std::vector<float>(data.begin(), data.end());
  };
  EXPECT_THAT(weights("a"), ElementsAre(1 / kLargestChannelFactor, kLargestChannelFactor, 1));
  EXPECT_THAT(weights("b"), ElementsAre(kLargestChannelFactor, 1 / kLargestChannelFactor, 1));
}

TEST(Equalization, LeavesAloneWhatWouldNotCancelOut) {
  EXPECT_THAT(tensors_to_equalize(parse(R"(graph "g" {
    input %x: f32[1,2,4,4]
    const %w: f32[2,2,1,1] = random(1)
    const %d: f32[2,1,1,1] = random(2)
    const %low: f32[] = splat(0)
    const %high: f32[] = splat(6)
    %a = Conv(%x, %w)
    %clipped = Clip(%a, %low, %high)
    %b = Conv(%clipped, %w)
    %c = Conv(%b, %d) {group = 2}
    %e = Conv(%c, %w)
    %sum = Add(%e, %x)
    %f = Conv(%sum, %w)
    %out = Conv(%f, %w)
    output %f
    output %out
  })")),
              ElementsAre("c"))
      << "not a, for Clip; b, for the groups of c; e, for the sum; f, an output";
}

}  // namespace
}  // namespace mtmi::quant
