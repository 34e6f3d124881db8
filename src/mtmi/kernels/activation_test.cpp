#include "mtmi/kernels/activation.h"

#include <limits>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(Activation, SigmoidIsFiniteAtTheEnds) {
  EXPECT_EQ(sigmoid(-std::numeric_limits<float>::infinity()), 0.0F);
  EXPECT_EQ(sigmoid(std::numeric_limits<float>::infinity()), 1.0F);
  EXPECT_EQ(sigmoid(0.0), 0.5);
}

TEST(Activation, ReluKeepsNan) {
  EXPECT_TRUE(std::isnan(relu(std::nanf(""))));
}

}  // namespace
}  // namespace mtmi::kernels
