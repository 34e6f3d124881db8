#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;

Attributes alpha(float value) {
  return {{"alpha", value}};
}

TEST(EvaluateActivation, ReadsItsAttributes) {
  const Tensor x = tensor<float>({-4, 2});
  EXPECT_EQ(values<float>({"LeakyRelu", {x}, alpha(0.5F)}), (Floats{-2, 2}));
  EXPECT_EQ(values<float>({"LeakyRelu", {x}}), (Floats{-4 * 0.01F, 2}));
  EXPECT_EQ(values<float>({"ThresholdedRelu", {x}, alpha(-5.0F)}), (Floats{-4, 2}));
  EXPECT_EQ(values<float>({"ThresholdedRelu", {x}}), (Floats{0, 2}));
  EXPECT_EQ(values<float>({"HardSigmoid", {x}, {{"alpha", 0.125F}, {"beta", 0.75F}}}),
            (Floats{0.25F, 1}));
  EXPECT_NEAR(values<float>({"Elu", {x}, alpha(2.0F)})[0], -1.963369F, 1e-6F);
  EXPECT_NEAR(values<float>({"Celu", {x}, alpha(2.0F)})[0], -1.729329F, 1e-6F);
  EXPECT_NEAR(values<float>({"Selu", {x}})[0], -1.725899F, 1e-5F);
}

TEST(EvaluateActivation, SmoothFunctions) {
  const Tensor x = tensor<float>({1});
  EXPECT_NEAR(values<float>({"Softplus", {x}})[0], 1.313262F, 1e-6F);
  EXPECT_NEAR(values<float>({"Mish", {x}})[0], 0.865098F, 1e-6F);
  EXPECT_NEAR(values<float>({"Gelu", {x}})[0], 0.841345F, 1e-6F);
  EXPECT_NEAR(
      values<float>({"Gelu", {x}, {{"approximate", std::string("tanh")}}})[0], 0.841192F, 1e-6F);
  EXPECT_EQ(values<float>({"Softsign", {x}})[0], 0.5F);
  EXPECT_NEAR(values<float>({"HardSwish", {x}})[0], 2.0F / 3.0F, 1e-6F);
}

TEST(EvaluateActivation, OfIntegersAndHalves) {
  EXPECT_EQ(values<std::int32_t>({"Relu", {tensor<std::int32_t>({-1, 5})}}),
            (std::vector<std::int32_t>{0, 5}));
  const Tensor half = Tensor::from<Float16>(Shape{1}, {to_float16(-2.0F)});
  EXPECT_EQ(to_float(values<Float16>({"LeakyRelu", {half}, alpha(0.25F)})[0]), -0.5F);
}

TEST(EvaluatePRelu, OneSlopePerChannel) {
  EXPECT_EQ(values<float>(
                {"PRelu", {tensor<float>({2, 2}, {-1, 1, -1, -2}), tensor<float>({2, 1}, {2, 3})}}),
            (Floats{-2, 1, -3, -6}));
}

}  // namespace
}  // namespace mtmi::interp
