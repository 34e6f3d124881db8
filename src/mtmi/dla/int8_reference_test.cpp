#include "mtmi/dla/int8_reference.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/operator.h"

namespace mtmi::dla {
namespace {

using testing::ElementsAre;
using Ints = std::vector<int>;

Graph graph_of(const std::string& body) {
  Graph graph = parse_text("graph \"g\" {\n" + body + "\n}");
  ops::infer_types(graph);
  return graph;
}

Ints ints(const Tensor& tensor) {
  const auto data = tensor.data<std::int8_t>();
  return {data.begin(), data.end()};
}

Tensor int8s(Shape shape, std::initializer_list<std::int8_t> values) {
  return Tensor::from<std::int8_t>(std::move(shape), values);
}

/// %y of a graph whose input %x is `src`.
Ints result_of(const std::string& body, const Tensor& src, const Scales& scales) {
  return ints(evaluate_int8(graph_of(body), {{"x", src}}, scales).at("y"));
}

TEST(Int8Reference, AConvolutionRoundsItsSumOnceAndTiesAwayFromZero) {
  // Weights 127 and -127 at a scale of 1; 1/254 of the sums 127 n are the ties n / 2.
  EXPECT_EQ(result_of("input %x: f32[1,1,1,4]\n const %w: f32[2,1,1,1] = [127, -127]\n"
                      "%y = Conv(%x, %w)\n output %y",
                      int8s({1, 1, 1, 4}, {1, 2, -3, 100}),
                      {{"x", 1.0F}, {"y", 254.0F}}),
            (Ints{1, 1, -2, 50, -1, -1, 2, -50}));
}

TEST(Int8Reference, AnActivationBehindAConvolutionRoundsAtItsOwnScale) {
  // The inner scale, 1000, would leave nothing.
  EXPECT_EQ(result_of("input %x: f32[1,1,1,3]\n const %w: f32[1,1,1,1] = [127]\n"
                      "%a = Conv(%x, %w)\n %y = LeakyRelu(%a) {alpha = 0.5}\n output %y",
                      int8s({1, 1, 1, 3}, {4, -4, -127}),
                      {{"x", 1.0F}, {"a", 1000.0F}, {"y", 127.0F}}),
            (Ints{4, -2, -64}));
}

TEST(Int8Reference, OperandsOfDifferentScalesAreBroughtToTheLarger) {
  const Graph graph =
      graph_of("input %x: f32[1,1,1,2]\n input %z: f32[1,1,1,2]\n %y = Add(%x, %z)\n output %y");
  const TensorMap values =
      evaluate_int8(graph,
                    {{"x", int8s({1, 1, 1, 2}, {3, -3})}, {"z", int8s({1, 1, 1, 2}, {10, 120})}},
                    {{"x", 1.0F}, {"z", 2.0F}, {"y", 2.0F}});
  EXPECT_THAT(ints(values.at("y")), ElementsAre(12, 118));  // 3 / 2 is 2, away from zero
}

TEST(Int8Reference, ALinearResizeMixesInIntegersAndRoundsOnce) {
  // Rows 0 and 16 enlarged by 2: 0, 4, 12, 16 exactly; 1 and 2 give the tie 5 / 4 ... 7 / 4.
  const std::string body =
      "input %x: f32[1,1,1,2]\n const %s: f32[4] = [1, 1, 1, 2]\n"
      "%y = Resize(%x, _, %s) {mode = \"linear\"}\n output %y";
  EXPECT_EQ(result_of(body, int8s({1, 1, 1, 2}, {0, 16}), {{"x", 1.0F}, {"y", 1.0F}}),
            (Ints{0, 4, 12, 16}));
  EXPECT_EQ(result_of(body, int8s({1, 1, 1, 2}, {0, -2}), {{"x", 1.0F}, {"y", 1.0F}}),
            (Ints{0, -1, -2, -2}));  // -0.5 and -1.5
}

TEST(Int8Reference, AveragesFollowThePublishedReciprocals) {
  EXPECT_EQ(
      result_of("input %x: f32[1,1,1,4]\n"
                "%y = AveragePool(%x) {kernel_shape = [1, 3], pads = [0, 1, 0, 1]}\n output %y",
                int8s({1, 1, 1, 4}, {3, 6, 9, -9}),
                {{"x", 1.0F}, {"y", 1.0F}}),
      (Ints{5, 6, 2, 0}));  // the padding does not count: (3 + 6) / 2 is 4.5
}

TEST(Int8Reference, AnAccumulatorKeepsItsPrecisionIntoASigmoid) {
  const TensorMap values =
      evaluate_int8(graph_of("input %x: f32[1,1,1,1]\n const %w: f32[1,1,1,1] = [1.27]\n"
                             "%a = Conv(%x, %w)\n %y = Sigmoid(%a)\n output %y"),
                    {{"x", int8s({1, 1, 1, 1}, {100})}},
                    {{"x", 0.01F}, {"a", 1.0F}});
  EXPECT_NEAR(to_float(values.at("a").data<Float16>()[0]), 1.27F, 1e-3F);
  EXPECT_NEAR(to_float(values.at("y").data<Float16>()[0]), 0.78074F, 5e-4F);
}

TEST(Int8Reference, ConstantsScaleOnTheGridOfWeights) {
  EXPECT_EQ(result_of("input %x: f32[1,2,1,1]\n const %c: f32[2,1,1] = [0.5, -3]\n"
                      "%y = Mul(%x, %c)\n output %y",
                      int8s({1, 2, 1, 1}, {5, 10}),
                      {{"x", 1.0F}, {"y", 1.0F}}),
            (Ints{3, -30}));
}

TEST(Int8Reference, ConcatRescalesWhatHasAnotherScale) {
  const Graph graph = graph_of(
      "input %x: f32[1,1,1,1]\n input %z: f32[1,1,1,1]\n %y = Concat(%x, %z) {axis = 1}\n output "
      "%y");
  const TensorMap values =
      evaluate_int8(graph,
                    {{"x", int8s({1, 1, 1, 1}, {5})}, {"z", int8s({1, 1, 1, 1}, {7})}},
                    {{"x", 1.0F}, {"z", 2.0F}, {"y", 2.0F}});
  EXPECT_THAT(ints(values.at("y")), ElementsAre(3, 7));
}

/// Each network within a few steps of what float32 gives: the meaning is the graph's.
class CloseToFloat : public testing::TestWithParam<const char*> {};

TEST_P(CloseToFloat, WithinTheStepsOfItsScales) {
  const Graph graph = graph_of(std::string("input %x: f32[2,6,6,4]\n input %z: f32[2,6,6,4]\n"
                                           " const %w: f32[6,6,3,3] = random(1, -0.3, 0.3)\n"
                                           " const %t: f32[6,2,2,2] = random(2)\n"
                                           " const %b: f32[6] = random(3)\n"
                                           " const %v: f32[6] = random(4, 0.5, 2.0)\n"
                                           " const %v4: f32[6,1,1] = random(9, 0.5, 2.0)\n const "
                                           "%zero: f32[] = [0.0]\n const %one: f32[] = [1.0]\n"
                                           " const %two: f32[4] = [1, 1, 2, 2]\n") +
                               GetParam() + "\n output %y");
  const TensorMap inputs{{"x", random_tensor(DType::Float32, Shape{2, 6, 6, 4}, 5)},
                         {"z", random_tensor(DType::Float32, Shape{2, 6, 6, 4}, 6)}};
  Scales scales;
  TensorMap expected = inputs;
  (void)interpret(graph, inputs, [&](const std::string& name, const Tensor& tensor) {
    expected.insert_or_assign(name, tensor);
  });
  for (const auto& [name, tensor] : expected) {
    if (tensor.dtype() == DType::Float32) {
      float most = 1e-3F;
      for (const float x : tensor.data<float>()) {
        most = std::max(most, std::abs(x));
      }
      scales.emplace(name, most / 127.0F);
    }
  }
  if (std::string(GetParam()).find("Pool") != std::string::npos) {
    scales.at("y") = scales.at("x");  // pooling works in one range
  }
  const Tensor got = evaluate_int8(graph, inputs, scales).at("y");
  const auto want = expected.at("y").data<float>();
  const float step = scales.at("y");
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_NEAR(static_cast<float>(got.data<std::int8_t>()[i]) * step, want[i], 4.0F * step) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks,
    CloseToFloat,
    testing::Values(
        "%y = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}",
        "%a = Conv(%x, %w, %b) {pads = [1, 1, 1, 1], strides = [2, 2]}\n"
        "%n = BatchNormalization(%a, %v, %b, %b, %v)\n %y = Relu(%n)",
        "%y = ConvTranspose(%x, %t) {strides = [2, 2]}",
        "%a = Add(%x, %z)\n %y = Clip(%a, %zero, %one)",
        "%a = Sub(%x, %z)\n %y = BatchNormalization(%a, %v, %b, %b, %v)",
        "%y = Mul(%x, %z)",
        "%y = Max(%x, %z)",
        "%y = PRelu(%x, %v4)",
        "%y = Abs(%x)",
        "%y = Softmax(%x) {axis = 1}",
        "%y = Tanh(%x)",
        "%a = Sigmoid(%x)\n %y = Mul(%x, %a)",
        "%y = AveragePool(%x) {kernel_shape = [2, 3], count_include_pad = 1, pads = [1, 1, 1, 1]}",
        "%y = MaxPool(%x) {kernel_shape = [2, 2], strides = [2, 2]}",
        "%y = Resize(%x, _, %two) {mode = \"linear\"}",
        "%y = Resize(%x, _, %two) {mode = \"nearest\"}",
        "%a, %c = Split(%x) {axis = 1, num_outputs = 2}\n %y = Concat(%c, %a) {axis = 1}",
        "%y = Transpose(%x) {perm = [0, 2, 3, 1]}",
        "%y = Div(%x, %v4)"));

TEST(Int8Reference, AMissingInputIsNamed) {
  const Graph graph = graph_of("input %x: f32[1,1,1,1]\n %y = Relu(%x)\n output %y");
  EXPECT_THROW((void)evaluate_int8(graph, {}, {{"x", 1.0F}, {"y", 1.0F}}), Error);
  EXPECT_THROW((void)evaluate_int8(graph, {{"x", int8s({1, 1, 1, 1}, {1})}}, {}), Error);
}

}  // namespace
}  // namespace mtmi::dla
