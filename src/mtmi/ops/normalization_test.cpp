#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

TEST(LayerNormalization, GivesItsStatisticsWithTheNormalisedAxesKept) {
  EXPECT_EQ(
      inferred({"LayerNormalization", {f32({2, 3, 4}), f32({3, 4}), f32({4})}, {{"axis", 1L}}, 3}),
      (Types{"f32[2,3,4]", "f32[2,1,1]", "f32[2,1,1]"}));
  EXPECT_EQ(inferred({"LayerNormalization",
                      {Tensor(DType::Float16, Shape{2, 4}), Tensor(DType::Float16, Shape{4})},
                      {{"stash_type", 16L}},
                      2}),
            (Types{"f16[2,4]", "bf16[2,1]"}));
}

TEST(LayerNormalization, ContradictionsAreRefused) {
  EXPECT_EQ(refusal({"LayerNormalization", {f32({2, 4}), f32({3})}}),
            "got shapes [3] and [2,4], expected shapes that broadcast");
  EXPECT_EQ(refusal({"LayerNormalization", {f32({1, 4}), f32({2, 4})}}),
            "got a scale of shape [2,4], expected one that broadcasts to [1,4]");
  EXPECT_EQ(refusal({"LayerNormalization", {f32({1, 4}), f32({4})}, {{"epsilon", -1.0F}}}),
            "got epsilon -1.000000, expected a number >= 0");
  EXPECT_EQ(refusal({"LayerNormalization", {f32({1, 4}), f32({4})}, {{"axis", 2L}}}),
            "got axis 2, expected one from -2 to 1");
  EXPECT_EQ(refusal({"LayerNormalization", {f32({1, 4}), f32({4})}, {{"stash_type", 10L}}}),
            "got stash_type 10, expected 1 (f32) or 16 (bf16)");
}

TEST(BatchNormalization, WantsOneParameterPerChannelAndNoTraining) {
  const Tensor c = f32({3});
  EXPECT_EQ(inferred({"BatchNormalization", {f32({2, 3, 5}), c, c, c, c}}), Types{"f32[2,3,5]"});
  EXPECT_EQ(refusal({"BatchNormalization", {f32({2, 3, 5}), c, c, f32({2}), c}}),
            "got input 3 of shape [2], expected [3]");
  EXPECT_EQ(refusal({"BatchNormalization", {f32({2, 3}), c, c, c, c}, {{"training_mode", 1L}}}),
            "got training_mode 1, expected 0: mtmi runs networks, it does not train them");
}

TEST(GroupNormalization, WantsADivisorOfTheChannels) {
  const Tensor c = f32({6});
  EXPECT_EQ(inferred({"GroupNormalization", {f32({2, 6, 5}), c, c}, {{"num_groups", 3L}}}),
            Types{"f32[2,6,5]"});
  EXPECT_EQ(refusal({"GroupNormalization", {f32({2, 6, 5}), c, c}, {{"num_groups", 4L}}}),
            "got num_groups 4, expected a divisor of 6 channels");
  EXPECT_EQ(refusal({"GroupNormalization", {f32({2, 6, 5}), c, c}}),
            "got num_groups 0, expected a divisor of 6 channels");
}

TEST(InstanceNormalization, HasParametersOfTheTypeOfItsSource) {
  const Tensor wide(DType::Float64, Shape{3});
  EXPECT_EQ(refusal({"InstanceNormalization", {f32({2, 3, 5}), f32({3}), wide}}),
            "got f64 for input 2, expected f32");
}

}  // namespace
}  // namespace mtmi::ops
