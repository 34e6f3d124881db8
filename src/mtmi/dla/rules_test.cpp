#include "mtmi/dla/rules.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::dla {
namespace {

using testing::HasSubstr;

/// A graph with inputs %x f32[1,32,16,16], %y like it, and `body` up to the output %out.
Graph graph_of(const std::string& body) {
  Graph graph =
      parse_text("graph \"g\" {\n input %x: f32[1,32,16,16]\n input %y: f32[1,32,16,16]\n" + body +
                 "\n output %out\n}");
  ops::infer_types(graph);
  return graph;
}

Support first_refusal(const Graph& graph, const CheckOptions& options = {}) {
  for (const Support& support : check(graph, options)) {
    if (!support) {
      return support;
    }
  }
  return Support::yes();
}

std::string rule_of(const std::string& body, const CheckOptions& options = {}) {
  return first_refusal(graph_of(body), options).rule();
}

CheckOptions release(const char* version) {
  CheckOptions options;
  options.version = parse_version(version);
  return options;
}

/// Two networks on either side of one rule.
struct Limit {
  const char* rule;
  const char* inside;
  const char* outside;
};

void PrintTo(const Limit& limit, std::ostream* out) {
  *out << limit.rule << ": " << limit.outside;
}

class Rules : public testing::TestWithParam<Limit> {};

TEST_P(Rules, HoldOnEitherSideOfTheLimit) {
  EXPECT_EQ(rule_of(GetParam().inside), "") << GetParam().inside;
  const Support refusal = first_refusal(graph_of(GetParam().outside));
  EXPECT_EQ(refusal.rule(), GetParam().rule) << refusal.reason();
  EXPECT_NE(refusal.reason(), "");
  EXPECT_NE(refusal.suggestion(), "");
}

INSTANTIATE_TEST_SUITE_P(
    Convolution,
    Rules,
    testing::Values(
        Limit{"dla.conv.kernel",
              "const %w: f32[8,32,32,1] = splat(1)\n %out = Conv(%x, %w) {pads = [16, 0, 16, 0]}",
              "const %w: f32[8,32,33,1] = splat(1)\n %out = Conv(%x, %w) {pads = [16, 0, 16, 0]}"},
        Limit{"dla.conv.stride",
              "const %w: f32[8,32,1,1] = splat(1)\n %out = Conv(%x, %w) {strides = [8, 8]}",
              "const %w: f32[8,32,1,1] = splat(1)\n %out = Conv(%x, %w) {strides = [8, 9]}"},
        Limit{"dla.conv.dilation",
              "const %w: f32[8,32,1,1] = splat(1)\n %out = Conv(%x, %w) {dilations = [32, 1]}",
              "const %w: f32[8,32,1,1] = splat(1)\n %out = Conv(%x, %w) {dilations = [33, 1]}"},
        Limit{"dla.conv.pad",
              "const %w: f32[8,32,32,1] = splat(1)\n %out = Conv(%x, %w) {pads = [31, 0, 0, 0]}",
              "const %w: f32[8,32,32,1] = splat(1)\n %out = Conv(%x, %w) {pads = [32, 0, 0, 0]}"},
        Limit{"dla.conv.pad",
              "const %w: f32[8,32,3,3] = splat(1)\n"
              "%out = Conv(%x, %w) {pads = [6, 6, 6, 6], dilations = [6, 6]}",
              "const %w: f32[8,32,3,3] = splat(1)\n %out = Conv(%x, %w) {pads = [3, 0, 0, 0]}"},
        Limit{"dla.conv.constant_weights",
              "const %w: f32[8,32,1,1] = splat(1)\n %out = Conv(%x, %w)",
              "input %w: f32[8,32,1,1]\n %out = Conv(%x, %w)"},
        Limit{"dla.conv.convolution_buffer",
              "input %z: f32[1,1024,4,480]\n const %w: f32[8,1024,1,1] = splat(1)\n"
              "%out = Conv(%z, %w)",
              "input %z: f32[1,1024,4,512]\n const %w: f32[8,1024,1,1] = splat(1)\n"
              "%out = Conv(%z, %w)"},
        Limit{"dla.deconv.kernel",
              "const %w: f32[32,8,32,2] = splat(1)\n %out = ConvTranspose(%x, %w)",
              "const %w: f32[32,8,33,2] = splat(1)\n %out = ConvTranspose(%x, %w)"},
        Limit{"dla.deconv.kernel",
              "const %w: f32[32,8,1,96] = splat(1)\n"
              "%out = ConvTranspose(%x, %w) {strides = [1, 96]}",
              "const %w: f32[32,8,1,95] = splat(1)\n"
              "%out = ConvTranspose(%x, %w) {strides = [1, 95]}"},
        Limit{"dla.deconv.stride",
              "const %w: f32[32,8,2,1] = splat(1)\n"
              "%out = ConvTranspose(%x, %w) {strides = [32, 1]}",
              "const %w: f32[32,8,2,1] = splat(1)\n"
              "%out = ConvTranspose(%x, %w) {strides = [33, 1]}"},
        Limit{"dla.deconv.square",
              "const %w: f32[32,8,22,22] = splat(1)\n"
              "%out = ConvTranspose(%x, %w) {strides = [22, 22]}",
              "const %w: f32[32,8,23,23] = splat(1)\n"
              "%out = ConvTranspose(%x, %w) {strides = [23, 23]}"},
        Limit{
            "dla.deconv.pad",
            "const %w: f32[32,8,4,4] = splat(1)\n %out = ConvTranspose(%x, %w) {strides = [2, 2]}",
            "const %w: f32[32,8,4,4] = splat(1)\n"
            "%out = ConvTranspose(%x, %w) {strides = [2, 2], pads = [1, 1, 1, 1]}"},
        Limit{
            "dla.deconv.output_padding",
            "const %w: f32[32,8,2,2] = splat(1)\n %out = ConvTranspose(%x, %w) {strides = [2, 2]}",
            "const %w: f32[32,8,2,2] = splat(1)\n"
            "%out = ConvTranspose(%x, %w) {strides = [2, 2], output_padding = [1, 1]}"},
        Limit{"dla.deconv.groups",
              "const %w: f32[32,8,2,2] = splat(1)\n %out = ConvTranspose(%x, %w)",
              "const %w: f32[32,8,2,2] = splat(1)\n %out = ConvTranspose(%x, %w) {group = 2}"},
        Limit{"dla.deconv.dilation",
              "const %w: f32[32,8,2,2] = splat(1)\n %out = ConvTranspose(%x, %w)",
              "const %w: f32[32,8,2,2] = splat(1)\n"
              "%out = ConvTranspose(%x, %w) {dilations = [2, 1]}"}));

INSTANTIATE_TEST_SUITE_P(
    Windows,
    Rules,
    testing::Values(
        Limit{"dla.pool.window",
              "%out = AveragePool(%x) {kernel_shape = [8, 8]}",
              "%out = AveragePool(%x) {kernel_shape = [9, 8]}"},
        Limit{"dla.pool.stride",
              "%out = MaxPool(%x) {kernel_shape = [2, 2], strides = [16, 16]}",
              "%out = MaxPool(%x) {kernel_shape = [2, 2], strides = [16, 17]}"},
        Limit{"dla.pool.pad",
              "%out = MaxPool(%x) {kernel_shape = [8, 8], pads = [7, 7, 7, 7]}",
              "%out = MaxPool(%x) {kernel_shape = [8, 8], pads = [7, 7, 7, 8]}"},
        Limit{"dla.pool.dilation",
              "%out = MaxPool(%x) {kernel_shape = [2, 2]}",
              "%out = MaxPool(%x) {kernel_shape = [2, 2], dilations = [2, 2]}"},
        Limit{"dla.pool.indices",
              "%out = MaxPool(%x) {kernel_shape = [2, 2]}",
              "%out, %indices = MaxPool(%x) {kernel_shape = [2, 2]}"},
        Limit{"dla.resize.linear_factor",
              "const %s: f32[4] = [1, 1, 4, 4]\n %out = Resize(%x, _, %s) {mode = \"linear\"}",
              "const %s: f32[4] = [1, 1, 8, 8]\n %out = Resize(%x, _, %s) {mode = \"linear\"}"},
        Limit{"dla.resize.nearest_factor",
              "const %s: f32[4] = [1, 1, 32, 1]\n %out = Resize(%x, _, %s)",
              "const %s: f32[4] = [1, 1, 33, 1]\n %out = Resize(%x, _, %s)"},
        Limit{"dla.resize.nearest_factor",
              "const %s: f32[4] = [1, 1, 2, 2]\n %out = Resize(%x, _, %s)",
              "const %s: f32[4] = [1, 1, 1.5, 2]\n %out = Resize(%x, _, %s)"},
        Limit{"dla.resize.sizes",
              "const %s: f32[4] = [1, 1, 2, 2]\n %out = Resize(%x, _, %s)",
              "const %s: s64[4] = [1, 32, 32, 32]\n %out = Resize(%x, _, _, %s)"},
        Limit{"dla.resize.axes",
              "const %s: f32[4] = [1, 1, 2, 2]\n %out = Resize(%x, _, %s)",
              "const %s: f32[4] = [1, 2, 2, 2]\n %out = Resize(%x, _, %s)"},
        Limit{"dla.resize.mode",
              "const %s: f32[4] = [1, 1, 2, 2]\n %out = Resize(%x, _, %s) {mode = \"linear\"}",
              "const %s: f32[4] = [1, 1, 2, 2]\n %out = Resize(%x, _, %s) {mode = \"cubic\"}"},
        Limit{"dla.resize.coordinates",
              "const %s: f32[4] = [1, 1, 2, 2]\n"
              "%out = Resize(%x, _, %s) {coordinate_transformation_mode = \"asymmetric\", "
              "nearest_mode = \"floor\"}",
              "const %s: f32[4] = [1, 1, 2, 2]\n"
              "%out = Resize(%x, _, %s) {coordinate_transformation_mode = \"asymmetric\", "
              "nearest_mode = \"ceil\"}"},
        Limit{"dla.resize.coordinates",
              "const %s: f32[4] = [1, 1, 2, 2]\n %out = Resize(%x, _, %s) {mode = \"linear\"}",
              "const %s: f32[4] = [1, 1, 2, 2]\n %out = Resize(%x, _, %s) {mode = \"linear\", "
              "coordinate_transformation_mode = \"pytorch_half_pixel\"}"}));

INSTANTIATE_TEST_SUITE_P(
    Elements,
    Rules,
    testing::Values(
        Limit{"dla.activation.clip",
              "const %low: f32[] = splat(0)\n const %high: f32[] = splat(127)\n"
              "%out = Clip(%x, %low, %high)",
              "const %low: f32[] = splat(0)\n const %high: f32[] = splat(127.5)\n"
              "%out = Clip(%x, %low, %high)"},
        Limit{"dla.activation.clip",
              "const %low: f32[] = splat(0)\n const %high: f32[] = splat(1)\n"
              "%out = Clip(%x, %low, %high)",
              "const %low: f32[] = splat(-1)\n const %high: f32[] = splat(1)\n"
              "%out = Clip(%x, %low, %high)"},
        Limit{"dla.activation.prelu_slope",
              "const %slope: f32[32,1,1] = splat(0.1)\n %out = PRelu(%x, %slope)",
              "input %slope: f32[32,1,1]\n %out = PRelu(%x, %slope)"},
        Limit{"dla.elementwise.broadcast",
              "input %z: f32[1,32,1,1]\n %out = Mul(%x, %z)",
              "input %z: f32[1,32,16,1]\n %out = Mul(%x, %z)"},
        Limit{"dla.elementwise.broadcast",
              "const %z: f32[32,1,1] = splat(2)\n %out = Add(%x, %z)",
              "const %z: f32[16] = splat(2)\n %out = Add(%x, %z)"},
        Limit{"dla.comparison.cast",
              "%m = Equal(%x, %y)\n %out = Cast(%m) {to = 1}",
              "%out = Equal(%x, %y)"},
        Limit{"dla.cast.comparison",
              "%m = Equal(%x, %y)\n %out = Cast(%m) {to = 1}",
              "%out = Cast(%x) {to = 10}"},
        Limit{"dla.scale.constant",
              "const %c: f32[32] = splat(1)\n %out = BatchNormalization(%x, %c, %c, %c, %c)",
              "input %c: f32[32]\n %out = BatchNormalization(%x, %c, %c, %c, %c)"},
        Limit{"dla.softmax.axis", "%out = Softmax(%x) {axis = 1}", "%out = Softmax(%x) {axis = 0}"},
        Limit{"dla.softmax.extent",
              "input %z: f32[1,1024,2,1]\n %out = Softmax(%z) {axis = 1}",
              "input %z: f32[1,1025,2,1]\n %out = Softmax(%z) {axis = 1}"},
        Limit{"dla.matmul.two_activations",
              "input %a: f32[1,64]\n const %b: f32[64,8] = splat(1)\n %out = MatMul(%a, %b)",
              "%out = MatMul(%x, %y)"},
        Limit{"dla.matmul.transpose",
              "input %a: f32[1,64]\n const %b: f32[64,8] = splat(1)\n %out = Gemm(%a, %b)",
              "input %a: f32[64,1]\n const %b: f32[64,8] = splat(1)\n"
              "%out = Gemm(%a, %b) {transA = 1}"},
        Limit{"dla.matmul.constant_bias",
              "input %a: f32[1,64]\n const %b: f32[64,8] = splat(1)\n const %c: f32[8] = splat(1)\n"
              "%out = Gemm(%a, %b, %c)",
              "input %a: f32[1,64]\n const %b: f32[64,8] = splat(1)\n input %c: f32[8]\n"
              "%out = Gemm(%a, %b, %c)"}));

INSTANTIATE_TEST_SUITE_P(
    Movement,
    Rules,
    testing::Values(
        Limit{"dla.concat.axis",
              "%out = Concat(%x, %y) {axis = -3}",
              "%out = Concat(%x, %y) {axis = 2}"},
        Limit{"dla.concat.inputs",
              "%out = Concat(%x, %y) {axis = 1}",
              "%out = Concat(%x) {axis = 1}"},
        Limit{"dla.slice.step",
              "const %b: s64[1] = [0]\n const %e: s64[1] = [8]\n const %a: s64[1] = [2]\n"
              "const %s: s64[1] = [1]\n %out = Slice(%x, %b, %e, %a, %s)",
              "const %b: s64[1] = [0]\n const %e: s64[1] = [8]\n const %a: s64[1] = [2]\n"
              "const %s: s64[1] = [2]\n %out = Slice(%x, %b, %e, %a, %s)"},
        Limit{"dla.slice.batch",
              "input %z: f32[2,4,4,4]\n const %b: s64[1] = [0]\n const %e: s64[1] = [1]\n"
              "const %a: s64[1] = [1]\n %out = Slice(%z, %b, %e, %a)",
              "input %z: f32[2,4,4,4]\n const %b: s64[1] = [0]\n const %e: s64[1] = [1]\n"
              "const %a: s64[1] = [0]\n %out = Slice(%z, %b, %e, %a)"},
        Limit{"dla.slice.batch",
              "input %z: f32[2,4,4,4]\n %out, %rest = Split(%z) {axis = 1, num_outputs = 2}",
              "input %z: f32[2,4,4,4]\n %out, %rest = Split(%z) {axis = 0, num_outputs = 2}"},
        Limit{"dla.shuffle.batch",
              "%out = Transpose(%x) {perm = [0, 2, 3, 1]}",
              "%out = Transpose(%x) {perm = [1, 0, 2, 3]}"},
        Limit{"dla.shuffle.batch",
              "const %s: s64[4] = [1, 64, 8, 16]\n %out = Reshape(%x, %s)",
              "const %s: s64[4] = [2, 16, 16, 16]\n %out = Reshape(%x, %s)"},
        Limit{"dla.shuffle.neighbour",
              "const %s: s64[4] = [1, 64, 8, 16]\n %a = Relu(%x)\n %out = Reshape(%a, %s)",
              "const %s: s64[4] = [1, 64, 16, 16]\n %a = Concat(%x, %y) {axis = 1}\n"
              "%out = Reshape(%a, %s)"},
        Limit{"dla.rank",
              "const %s: s64[4] = [1, 32, 256, 1]\n %out = Reshape(%x, %s)",
              "const %s: s64[3] = [1, 32, 256]\n %out = Reshape(%x, %s)"},
        Limit{"dla.rank",
              "input %a: f32[1,64]\n const %b: f32[64,8] = splat(1)\n %out = MatMul(%a, %b)",
              "input %a: f32[1,4,64]\n const %b: f32[64,8] = splat(1)\n %out = MatMul(%a, %b)"},
        Limit{"dla.batch",
              "input %z: f32[4096,1,1,1]\n %out = Relu(%z)",
              "input %z: f32[4097,1,1,1]\n %out = Relu(%z)"},
        Limit{"dla.extent",
              "input %z: f32[1,8192,1,1]\n %out = Relu(%z)",
              "input %z: f32[1,8193,1,1]\n %out = Relu(%z)"},
        Limit{"dla.type",
              "input %z: f16[1,4,4,4]\n %out = Abs(%z)",
              "input %z: s64[1,4,4,4]\n %out = Abs(%z)"},
        Limit{"dla.op.not_supported", "%out = Tanh(%x)", "%out = HardSwish(%x)"}));

/// The first release that has an operator, and the last before.
struct Since {
  const char* body;
  const char* last_without;
  const char* first_with;
};

class Releases : public testing::TestWithParam<Since> {};

TEST_P(Releases, BringMoreOperators) {
  EXPECT_EQ(rule_of(GetParam().body, release(GetParam().last_without)), "dla.op.version");
  EXPECT_EQ(rule_of(GetParam().body, release(GetParam().first_with)), "");
  EXPECT_EQ(rule_of(GetParam().body, release("10.7")), "");
}

INSTANTIATE_TEST_SUITE_P(
    Operators,
    Releases,
    testing::Values(
        Since{"%out = Transpose(%x) {perm = [0, 2, 3, 1]}", "8.5.2", "8.6.2"},
        Since{"%out = GlobalMaxPool(%x)", "8.6.11", "8.6.12"},
        Since{"const %a: s64[2] = [2, 3]\n %out = ReduceMax(%x, %a)", "8.6.11", "8.6.12"},
        Since{"%out = Div(%x, %y)", "8.6.11", "8.6.12"},
        Since{"const %two: f32[] = splat(2)\n %out = Pow(%x, %two)", "8.6.11", "8.6.12"},
        Since{"%m = Less(%x, %y)\n %out = Cast(%m) {to = 1}", "8.6.11", "8.6.12"},
        Since{"%out = Sin(%x)", "8.6.11", "8.6.12"}));

TEST(RulesOfReleases, LaterOperatorsHaveLimitsToo) {
  const CheckOptions options = release("8.6.12");
  EXPECT_EQ(rule_of("%out = Pow(%x, %y)", options), "dla.elementwise.power");
  EXPECT_EQ(rule_of("const %a: s64[1] = [0]\n %out = ReduceMax(%x, %a)", options),
            "dla.reduce.batch");
}

TEST(RulesOfReleases, NothingRunsWhereThereIsNoDla) {
  EXPECT_EQ(rule_of("%out = Relu(%x)", release("11.2")), "dla.version");
  CheckOptions nano;
  nano.chip = &find_chip("orin-nano");
  EXPECT_EQ(rule_of("%out = Relu(%x)", nano), "dla.chip");
}

TEST(RulesOfPrecisions, HalfPrecisionNeedsMoreBanksAndHasNoComparisons) {
  CheckOptions half;
  half.precision = Precision::Fp16;
  const char* const conv =
      "input %z: f32[1,1024,4,256]\n const %w: f32[8,1024,1,1] = splat(1)\n %out = Conv(%z, %w)";
  EXPECT_EQ(rule_of(conv), "");
  EXPECT_EQ(rule_of(conv, half), "dla.conv.convolution_buffer");
  const char* const comparison = "%m = Equal(%x, %y)\n %out = Cast(%m) {to = 1}";
  EXPECT_EQ(rule_of(comparison, half), "dla.comparison.precision");
}

TEST(RulesOfGroups, OneGroupsChannelsFillTheBuffer) {
  EXPECT_EQ(rule_of("input %z: f32[1,1024,8,512]\n const %w: f32[1024,1,3,3] = splat(1)\n"
                    "%out = Conv(%z, %w) {group = 1024, pads = [1, 1, 1, 1]}"),
            "");
}

TEST(RulesOfShapes, ADynamicTensorIsRefusedByName) {
  const Graph graph =
      parse_text("graph \"g\" {\n input %x: f32[batch,3,8,8]\n %out = Relu(%x)\n output %out\n}");
  const Support refusal = first_refusal(graph);
  EXPECT_EQ(refusal.rule(), "dla.dynamic");
  EXPECT_THAT(refusal.reason(), HasSubstr("'x': got a dynamic shape"));
}

TEST(RulesSay, WhatTheyGotAndWhatTheLimitIs) {
  const Support refusal = first_refusal(
      graph_of("const %s: f32[4] = [1, 1, 8, 8]\n %out = Resize(%x, _, %s) {mode = \"linear\"}"));
  EXPECT_EQ(refusal.reason(), "factor of axis 2: got 8, expected a whole number from 1 to 4");
}

}  // namespace
}  // namespace mtmi::dla
