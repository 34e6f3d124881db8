#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

TEST(Activation, KeepsTypeAndShape) {
  EXPECT_EQ(inferred({"Relu", {ints({1, 2})}}), Types{"s64[2]"});
  EXPECT_EQ(inferred({"HardSwish", {f32({2, 3})}}), Types{"f32[2,3]"});
  EXPECT_EQ(refusal({"Elu", {ints({1})}}), "got s64, expected a floating-point type");
  EXPECT_EQ(refusal({"Relu", {Tensor(DType::Bool, Shape{})}}), "got bool, expected a numeric type");
}

TEST(PRelu, SlopesBroadcastToTheData) {
  EXPECT_EQ(inferred({"PRelu", {f32({1, 4, 2, 2}), f32({4, 1, 1})}}), Types{"f32[1,4,2,2]"});
  EXPECT_EQ(refusal({"PRelu", {f32({4}), f32({2, 4})}}),
            "got a slope of shape [2,4], expected one that broadcasts to [4]");
}

}  // namespace
}  // namespace mtmi::ops
