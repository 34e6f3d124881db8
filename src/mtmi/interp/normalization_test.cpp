#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;

TEST(EvaluateLayerNormalization, NormalisesScalesShiftsAndTellsItsStatistics) {
  const std::vector<Tensor> outputs = evaluate_all(
      {"LayerNormalization",
       {tensor<float>(Shape{2, 2}, {1, 3, -4, 4}), tensor<float>({1, 10}), tensor<float>({0, 100})},
       {{"epsilon", 0.0F}},
       3});
  const auto y = outputs[0].data<float>();
  EXPECT_EQ(Floats(y.begin(), y.end()), (Floats{-1, 110, -1, 110}));
  EXPECT_EQ(outputs[1].data<float>()[0], 2.0F);
  EXPECT_EQ(outputs[2].data<float>()[1], 0.25F);
  EXPECT_EQ(outputs[2].shape(), (Shape{2, 1}));
}

TEST(EvaluateLayerNormalization, BroadcastsAScaleThatVariesByRow) {
  EXPECT_EQ(
      values<float>({"LayerNormalization",
                     {tensor<float>(Shape{2, 2}, {1, 3, 1, 3}), tensor<float>(Shape{2, 1}, {1, 5})},
                     {{"epsilon", 0.0F}}}),
      (Floats{-1, 1, -5, 5}));
}

TEST(EvaluateGroupNormalization, NormalisesGroupsAndScalesChannels) {
  const Tensor x = tensor<float>(Shape{1, 4, 1}, {1, 3, -4, 4});
  const Tensor scale = tensor<float>({1, 2, 3, 4});
  const Tensor bias = tensor<float>({0, 0, 0, 10});
  EXPECT_EQ(values<float>({"GroupNormalization",
                           {x, scale, bias},
                           {{"num_groups", std::int64_t{2}}, {"epsilon", 0.0F}}}),
            (Floats{-1, 2, -3, 14}));
}

TEST(EvaluateInstanceNormalization, NormalisesEachChannel) {
  EXPECT_EQ(values<float>({"InstanceNormalization",
                           {tensor<float>(Shape{1, 2, 2}, {1, 3, -4, 4}),
                            tensor<float>({1, 2}),
                            tensor<float>({0, 1})},
                           {{"epsilon", 0.0F}}}),
            (Floats{-1, 1, -1, 3}));
}

TEST(EvaluateBatchNormalization, TakesParametersOfAnotherWidth) {
  const Tensor c = tensor<double>({2});
  EXPECT_EQ(values<float>({"BatchNormalization",
                           {tensor<float>(Shape{2, 1}, {2, 5}), c, c, c, tensor<double>({4})},
                           {{"epsilon", 0.0F}}}),
            (Floats{2, 5}));
}

}  // namespace
}  // namespace mtmi::interp
