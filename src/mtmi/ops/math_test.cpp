#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

TEST(Math, KeepsTypeAndShape) {
  EXPECT_EQ(inferred({"Sqrt", {f32({2, 3})}}), Types{"f32[2,3]"});
  EXPECT_EQ(inferred({"Abs", {ints({1, 2})}}), Types{"s64[2]"});
}

TEST(Math, TypesThatAFunctionIsNotDefinedForAreRefused) {
  EXPECT_EQ(refusal({"Erf", {ints({1})}}), "got s64, expected a floating-point type");
  EXPECT_EQ(refusal({"Neg", {Tensor(DType::UInt8, Shape{1})}}), "got u8, expected a signed type");
  EXPECT_EQ(refusal({"Sign", {Tensor(DType::Bool, Shape{1})}}),
            "got bool, expected a numeric type");
}

TEST(Clip, BoundsAreScalarsOfTheSameType) {
  EXPECT_EQ(inferred({"Clip", {f32({4}), std::nullopt, f32({})}}), Types{"f32[4]"});
  EXPECT_EQ(refusal({"Clip", {f32({4}), ints({1})}}), "got s64, expected f32");
  EXPECT_EQ(refusal({"Clip", {f32({4}), f32({2})}}), "got a bound of shape [2], expected a scalar");
}

}  // namespace
}  // namespace mtmi::ops
