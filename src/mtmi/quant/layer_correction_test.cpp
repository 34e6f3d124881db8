#include "mtmi/quant/layer_correction.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/dla/int8_arithmetic.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::quant {
namespace {

using testing::ElementsAre;

constexpr float kSrcScale = 0.02F;

Graph parse(const char* text) {
  Graph graph = parse_text(text);
  ops::infer_types(graph);
  return graph;
}

// Two images of two channels; strides, padding and dilation that differ by axis.
Graph one_layer() {
  return parse(R"(graph "g" {
    input %x: f32[2,2,7,9]
    const %w: f32[3,2,3,2] = random(1)
    const %b: f32[3] = random(2)
    %y = Conv(%x, %w, %b) {strides = [2, 1], pads = [1, 0, 2, 1], dilations = [1, 2]}
    output %y
  })");
}

CorrectableLayer only_layer_of(const Graph& graph) {
  const auto layers = find_correctable_layers(graph, {{"x", kSrcScale}, {"y", 0.05F}});
  EXPECT_EQ(layers.size(), 1U);
  return layers.front();
}

std::vector<std::int8_t> random_image(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::int8_t> image(size);
  for (std::int8_t& x : image) {
    x = static_cast<std::int8_t>(static_cast<int>(random.below(200)) -
                                 60);  // of another mean than 0
  }
  return image;
}

constexpr std::size_t kImageSize = 2 * 2 * 7 * 9;
constexpr std::size_t kTaps = 2 * 3 * 2;

/// What each tap reads at each position of one_layer(), tap by tap: by the definition of Conv.
std::vector<std::vector<int>> read_by_taps(std::span<const std::int8_t> images) {
  std::vector<std::vector<int>> read(kTaps);
  for (int n = 0; n < 2; ++n) {
    for (int oy = 0; oy < 4; ++oy) {
      for (int ox = 0; ox < 8; ++ox) {
        for (int tap = 0; tap < static_cast<int>(kTaps); ++tap) {
          const int y = 2 * oy + tap / 2 % 3 - 1;
          const int x = ox + tap % 2 * 2;
          const bool inside = y >= 0 && y < 7 && x < 9;
          const int at = ((n * 2 + tap / 6) * 7 + y) * 9 + x;
          read[static_cast<std::size_t>(tap)].push_back(
              inside ? images[static_cast<std::size_t>(at)] : 0);
        }
      }
    }
  }
  return read;
}

TEST(FindCorrectableLayers, TakesConvolutionsThatRunInInt8AndHaveNoGroups) {
  const Graph graph = parse(R"(graph "g" {
    input %x: f32[1,4,6,6]
    const %w: f32[4,4,1,1] = random(1)
    const %d: f32[4,1,1,1] = random(2)
    const %one: f32[4] = splat(1)
    const %zero: f32[4] = splat(0)
    %a = Conv(%x, %w)
    %relu = Relu(%a)
    %grouped = Conv(%relu, %d) {group = 4}
    %wide = Conv(%grouped, %w)
    %normal = BatchNormalization(%wide, %one, %zero, %zero, %one)
    %c = Conv(%normal, %w)
    %half = Conv(%c, %w)
    %behind_half = Conv(%half, %w)
    output %behind_half
  })");
  const std::map<std::string, float> scales{
      {"x", 0.1F}, {"relu", 0.2F}, {"grouped", 0.3F}, {"normal", 0.4F}, {"c", 0.5F}};
  std::vector<std::string> sums;
  for (const CorrectableLayer& layer : find_correctable_layers(graph, scales)) {
    sums.push_back(graph.value(layer.sum).name);
    EXPECT_EQ(layer.src_scale, scales.at(graph.value(layer.input).name));
  }
  EXPECT_THAT(sums, ElementsAre("a", "c"))
      << "not grouped; wide, for its normalisation; half, without a scale, and what reads it";
}

TEST(LayerInput, SumsWhatEachTapReads) {
  const Graph graph = one_layer();
  LayerInput input(graph, only_layer_of(graph), false);
  const auto first = random_image(kImageSize, 1);
  const auto second = random_image(kImageSize, 2);
  input.add(first, 0);
  input.add(second, 1);
  std::vector<std::int64_t> expected(kTaps, 0);
  for (const auto& image : {first, second}) {
    const auto read = read_by_taps(image);
    for (std::size_t t = 0; t < kTaps; ++t) {
      for (const int q : read[t]) {
        expected[t] += q;
      }
    }
  }
  EXPECT_THAT(input.sums(), testing::ElementsAreArray(expected));
  EXPECT_EQ(input.positions(), 2 * 2 * 4 * 8);
  EXPECT_EQ(input.moments(), nullptr);
}

TEST(LayerInput, TakesTheMomentsOfEveryPositionOfASmallImage) {
  const Graph graph = one_layer();
  LayerInput input(graph, only_layer_of(graph), true);
  const auto image = random_image(kImageSize, 3);
  input.add(image, 0);
  const auto read = read_by_taps(image);
  for (std::size_t i = 0; i < kTaps; ++i) {
    for (std::size_t j = 0; j < kTaps; ++j) {
      double expected = 0.0;
      for (std::size_t p = 0; p < read[i].size(); ++p) {
        expected += read[i][p] * read[j][p];
      }
      EXPECT_EQ(input.moments()->at(i, j), expected) << i << " " << j;
    }
  }
}

/// The mean of each channel in INT8: of sums of integers, the bias on its grid.
std::vector<double> int8_means(const Graph& graph, std::span<const std::int8_t> images) {
  const Node& node = graph.node(graph.order().front());
  const auto bias = graph.value(node.inputs[2]).constant->data<float>();
  const auto quantized = dla::quantize_weights(graph.value(node.inputs[1]).constant->data<float>(),
                                               bias,
                                               kSrcScale,
                                               dla::Rounding::HalfAway);
  const auto read = read_by_taps(images);
  std::vector<double> means(3, 0.0);
  for (std::size_t k = 0; k < means.size(); ++k) {
    for (std::size_t t = 0; t < kTaps; ++t) {
      for (const int q : read[t]) {
        means[k] += quantized.weights[k * kTaps + t] * q / static_cast<double>(read[t].size());
      }
    }
    means[k] = (means[k] + quantized.bias[k]) * static_cast<double>(kSrcScale) *
               static_cast<double>(quantized.scales[k]);
  }
  return means;
}

TEST(CorrectLayer, GivesEachChannelTheMeanThatIsWanted) {
  for (const bool feedback : {false, true}) {
    Graph graph = one_layer();
    const CorrectableLayer layer = only_layer_of(graph);
    LayerInput input(graph, layer, feedback);
    const auto image = random_image(kImageSize, 4);
    input.add(image, 0);
    const std::vector<double> wanted{0.25, -1.5, 3.0};
    correct_layer(graph, layer, input, wanted);
    EXPECT_EQ(find_defect(graph), std::nullopt);
    const std::vector<double> means = int8_means(graph, image);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      // Half a step of the bias, which is src_scale * (about 1 / 127).
      EXPECT_NEAR(means[k], wanted[k], 1e-4) << k;
    }
  }
}

TEST(CorrectLayer, LeavesWeightsThatItDoesNotRoundAndBiasesThatItIsNotAskedFor) {
  Graph graph = one_layer();
  const CorrectableLayer layer = only_layer_of(graph);
  const std::vector<ValueId> before = graph.node(layer.node).inputs;
  LayerInput input(graph, layer, false);
  input.add(random_image(kImageSize, 5), 0);
  correct_layer(graph, layer, input, {});
  EXPECT_EQ(graph.node(layer.node).inputs, before);
  correct_layer(graph, layer, input, std::vector<double>(3, 0.0));
  EXPECT_EQ(graph.node(layer.node).inputs[1], before[1]);
  EXPECT_NE(graph.node(layer.node).inputs[2], before[2]);
}

TEST(CorrectLayer, RoundsWeightsToTheGridThatTheyHad) {
  Graph graph = one_layer();
  const CorrectableLayer layer = only_layer_of(graph);
  const std::vector<ValueId> before = graph.node(layer.node).inputs;
  LayerInput input(graph, layer, true);
  input.add(random_image(kImageSize, 6), 0);
  correct_layer(graph, layer, input, {});
  EXPECT_EQ(graph.node(layer.node).inputs[2], before[2]);
  const auto quantized_of = [&](ValueId weights) {
    return dla::quantize_weights(graph.value(weights).constant->data<float>(),
                                 graph.value(before[2]).constant->data<float>(),
                                 kSrcScale,
                                 dla::Rounding::HalfAway);
  };
  const ValueId rounded = graph.node(layer.node).inputs[1];
  const auto old_grid = quantized_of(before[1]);
  const auto new_grid = quantized_of(rounded);
  EXPECT_EQ(new_grid.scales, old_grid.scales);
  EXPECT_NE(new_grid.weights, old_grid.weights);
  const auto values = graph.value(rounded).constant->data<float>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float step = new_grid.scales[i / kTaps];
    EXPECT_NEAR(values[i] / step, new_grid.weights[i], 1e-3F) << i;
  }
}

TEST(CorrectLayer, LeavesARowAloneWhoseBiasDecidesItsScale) {
  Graph graph = one_layer();
  const CorrectableLayer layer = only_layer_of(graph);
  const ValueId weights = graph.node(layer.node).inputs[1];
  // 2^30 steps of the bias must hold 1e9: the scale becomes 0.05 and more, no weight reaches 127.
  graph.set_input(layer.node,
                  2,
                  graph.add_constant("large", Tensor::from<float>(Shape{3}, {1e9F, 0.0F, 0.0F})));
  LayerInput input(graph, layer, true);
  input.add(random_image(kImageSize, 7), 0);
  correct_layer(graph, layer, input, {});
  const auto old = graph.value(weights).constant->data<float>();
  const auto now = graph.value(graph.node(layer.node).inputs[1]).constant->data<float>();
  EXPECT_TRUE(std::equal(old.begin(), old.begin() + kTaps, now.begin()));
  EXPECT_FALSE(std::equal(old.begin() + kTaps, old.end(), now.begin() + kTaps));
}

}  // namespace
}  // namespace mtmi::quant
