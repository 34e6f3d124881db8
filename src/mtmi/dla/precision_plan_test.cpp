#include "mtmi/dla/precision_plan.h"

#include <string>

#include <gtest/gtest.h>

#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::dla {
namespace {

/// Per layer "i" (INT8) or "h" (FP16), then ":" and the same for each of its outputs.
std::string plan_of(const std::string& body,
                    const Scales& scales,
                    Precision precision = Precision::Int8) {
  Graph graph = parse_text(
      "graph \"g\" {\n input %x: f32[1,4,8,8]\n"
      " const %w: f32[4,4,1,1] = random(1)\n" +
      body + "\n}");
  ops::infer_types(graph);
  const PrecisionPlan plan(graph, scales, precision);
  std::string text;
  for (const PlannedLayer& planned : plan.layers()) {
    text += planned.precision == Precision::Int8 ? " i:" : " h:";
    for (const ValueId output : planned.layer.outputs) {
      text += plan.is_int8(output) ? 'i' : 'h';
    }
  }
  return text;
}

TEST(PrecisionPlan, ALayerWhoseTensorsAllHaveScalesRunsInInt8) {
  EXPECT_EQ(plan_of("%a = Conv(%x, %w)\n %b = Relu(%a)\n %c = MaxPool(%b) {kernel_shape = [2, 2]}\n"
                    "output %c",
                    {{"x", 1.0F}, {"b", 1.0F}, {"c", 1.0F}}),
            " i:i i:i");
}

TEST(PrecisionPlan, OneThatLacksAScaleRunsInHalfAndSoDoItsReaders) {
  const std::string body = "%a = Conv(%x, %w)\n %b = Conv(%a, %w)\n %c = Conv(%b, %w)\n output %c";
  EXPECT_EQ(plan_of(body, {{"x", 1.0F}, {"a", 1.0F}, {"c", 1.0F}}), " i:i h:h h:i");
  EXPECT_EQ(plan_of(body, {{"a", 1.0F}, {"b", 1.0F}, {"c", 1.0F}}), " h:i i:i i:i");
}

TEST(PrecisionPlan, AnOutputWithoutAScaleLeavesAnInt8LayerAsHalf) {
  EXPECT_EQ(plan_of("%a = Conv(%x, %w)\n output %a", {{"x", 1.0F}}), " i:h");
}

TEST(PrecisionPlan, ASigmoidBehindAConvolutionReadsHalvesWhateverTheScales) {
  const std::string body = "%a = Conv(%x, %w)\n %b = Sigmoid(%a)\n output %b";
  EXPECT_EQ(plan_of(body, {{"x", 1.0F}, {"a", 1.0F}, {"b", 1.0F}}), " i:h h:i");
  EXPECT_EQ(plan_of(body, {{"x", 1.0F}}), " i:h h:h");
}

TEST(PrecisionPlan, InHalfPrecisionScalesDoNotCount) {
  EXPECT_EQ(plan_of("%a = Relu(%x)\n output %a", {{"x", 1.0F}, {"a", 1.0F}}, Precision::Fp16),
            " h:h");
}

TEST(PrecisionPlan, FunctionsWithoutInt8ArithmeticRunInHalf) {
  EXPECT_EQ(
      plan_of("%a = Sin(%x)\n %b = Abs(%a)\n output %b", {{"x", 1.0F}, {"a", 1.0F}, {"b", 1.0F}}),
      " h:i i:i");
}

}  // namespace
}  // namespace mtmi::dla
