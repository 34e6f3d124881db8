#include "mtmi/kernels/activation.h"

#include <limits>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Activation, SigmoidIsFiniteAtTheEnds) {
  EXPECT_EQ(sigmoid(-kInfinity), 0.0F);
  EXPECT_EQ(sigmoid(kInfinity), 1.0F);
  EXPECT_EQ(sigmoid(0.0), 0.5);
}

TEST(Activation, ReluKeepsNan) {
  EXPECT_TRUE(std::isnan(relu(std::nanf(""))));
  EXPECT_TRUE(std::isnan(hard_sigmoid(std::nanf(""), 0.2F, 0.5F)));
}

TEST(Activation, SlopesApplyBelowZero) {
  EXPECT_EQ(prelu(-4.0F, 0.25F), -1.0F);
  EXPECT_EQ(prelu(4.0F, 0.25F), 4.0F);
  EXPECT_EQ(prelu(-3, 2), -6);
  EXPECT_EQ(thresholded_relu(1.0F, 1.0F), 0.0F);
  EXPECT_EQ(thresholded_relu(1.5F, 1.0F), 1.5F);
}

TEST(Activation, ExponentialUnits) {
  EXPECT_DOUBLE_EQ(elu(-1.0, 2.0), 2.0 * (std::exp(-1.0) - 1.0));
  EXPECT_DOUBLE_EQ(celu(-1.0, 2.0), 2.0 * (std::exp(-0.5) - 1.0));
  EXPECT_DOUBLE_EQ(selu(-1.0, 2.0, 3.0), 6.0 * (std::exp(-1.0) - 1.0));
  EXPECT_EQ(selu(2.0, 2.0, 3.0), 6.0);
}

TEST(Activation, HardFunctionsAreStraightBetweenTheirEnds) {
  EXPECT_EQ(hard_sigmoid(-10.0F, 0.2F, 0.5F), 0.0F);
  EXPECT_EQ(hard_sigmoid(10.0F, 0.2F, 0.5F), 1.0F);
  EXPECT_DOUBLE_EQ(hard_swish(1.5), 1.5 * 0.75);
  EXPECT_EQ(hard_swish(4.0), 4.0);
}

TEST(Activation, SoftplusDoesNotOverflow) {
  EXPECT_EQ(softplus(1000.0F), 1000.0F);
  EXPECT_EQ(softplus(-1000.0F), 0.0F);
  EXPECT_DOUBLE_EQ(softplus(0.0), std::log(2.0));
  EXPECT_DOUBLE_EQ(mish(1.0), std::tanh(std::log1p(std::exp(1.0))));
  EXPECT_EQ(softsign(-3.0), -0.75);
}

TEST(Activation, GeluKeepsItsDigitsAndIsZeroAtMinusInfinity) {
  EXPECT_NEAR(gelu(-6.0F), -5.919526e-9F, 5e-14F);  // where 1 + erf has no digit left
  EXPECT_EQ(gelu(-kInfinity), 0.0F);
  EXPECT_EQ(gelu_tanh(-kInfinity), 0.0F);
  EXPECT_EQ(gelu(kInfinity), kInfinity);
  EXPECT_EQ(gelu_tanh(kInfinity), kInfinity);
}

}  // namespace
}  // namespace mtmi::kernels
