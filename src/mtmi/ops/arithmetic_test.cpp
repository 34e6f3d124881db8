#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

TEST(Arithmetic, Broadcasts) {
  EXPECT_EQ(inferred({"Add", {f32({2, 1, 4}), f32({3, 1})}}), Types{"f32[2,3,4]"});
  EXPECT_EQ(inferred({"Max", {f32({2, 1}), f32({3}), f32({})}}), Types{"f32[2,3]"});
}

TEST(Arithmetic, ShapesThatDoNotBroadcastAreRefused) {
  EXPECT_EQ(refusal({"Mul", {f32({2, 3}), f32({4})}}),
            "got shapes [2,3] and [4], expected shapes that broadcast");
}

TEST(Arithmetic, TypesMustAgreeAndBeNumbers) {
  EXPECT_EQ(refusal({"Sub", {f32({2}), ints({1, 2})}}), "got s64, expected f32");
  const Tensor flag(DType::Bool, Shape{});
  EXPECT_EQ(refusal({"Div", {flag, flag}}), "got bool, expected a numeric type");
  EXPECT_EQ(refusal({"Sum", {ints({1})}}), "got s64, expected a floating-point type");
}

TEST(Arithmetic, PowHasTheTypeOfItsBase) {
  EXPECT_EQ(inferred({"Pow", {ints({1, 2}), f32({2, 1})}}), Types{"s64[2,2]"});
}

TEST(Arithmetic, FloatingPointModIsFmod) {
  EXPECT_EQ(refusal({"Mod", {f32({2}), f32({2})}}),
            "got fmod 0 for f32, expected fmod 1 for floating-point types");
  EXPECT_EQ(inferred({"Mod", {f32({2}), f32({2})}, {{"fmod", std::int64_t{1}}}}), Types{"f32[2]"});
}

TEST(Arithmetic, LeftOutOperandIsRefused) {
  EXPECT_EQ(refusal({"Max", {f32({2}), std::nullopt, f32({2})}}), "input 1 is missing");
}

}  // namespace
}  // namespace mtmi::ops
