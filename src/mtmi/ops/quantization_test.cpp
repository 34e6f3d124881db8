#include "mtmi/ops/quantization.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

Tensor zeros(DType dtype, Shape shape) {
  return Tensor(dtype, std::move(shape));
}

TEST(QuantizeLinear, TakesItsTypeFromTheZeroPointOrTheAttribute) {
  const Tensor x = f32({2, 3});
  const Tensor scale = f32({});
  EXPECT_EQ(inferred({"QuantizeLinear", {x, scale}}), Types{"u8[2,3]"});
  EXPECT_EQ(inferred({"QuantizeLinear", {x, scale, zeros(DType::Int8, Shape{})}}),
            Types{"s8[2,3]"});
  EXPECT_EQ(inferred({"QuantizeLinear", {x, scale}, {{"output_dtype", 3L}}}), Types{"s8[2,3]"});
  EXPECT_EQ(
      refusal({"QuantizeLinear", {x, scale, zeros(DType::UInt8, Shape{})}, {{"output_dtype", 3L}}}),
      "got u8, expected s8");
  EXPECT_EQ(refusal({"QuantizeLinear", {x, scale}, {{"output_dtype", 21L}}}),
            "got output_dtype 21, expected 2 (u8) or 3 (s8)");
}

TEST(DequantizeLinear, HasTheTypeOfItsScale) {
  EXPECT_EQ(inferred({"DequantizeLinear",
                      {zeros(DType::Int8, Shape{2, 3}), zeros(DType::Float16, Shape{3})}}),
            Types{"f16[2,3]"});
}

TEST(QuantizationLayout, IsPerTensorPerAxisOrBlocked) {
  const Shape x{2, 6, 5};
  EXPECT_EQ(quantization_layout({}, x, Shape{}).split, (AxisSplit{1, 60, 1}));
  EXPECT_EQ(quantization_layout({}, x, Shape{1}).axis_stride, 0);
  const QuantizationLayout per_axis = quantization_layout({{"axis", -2L}}, x, Shape{6});
  EXPECT_EQ(per_axis.split, (AxisSplit{2, 6, 5}));
  EXPECT_EQ(per_axis.axis_stride, 1);
  const QuantizationLayout blocked =
      quantization_layout({{"axis", 1L}, {"block_size", 4L}}, x, Shape{2, 2, 5});
  EXPECT_EQ(blocked.block, 4);
  EXPECT_EQ(blocked.outer_stride, 10);
  EXPECT_EQ(blocked.axis_stride, 5);
}

TEST(QuantizationLayout, ShapesThatDoNotFitAreRefused) {
  const auto refused = [](Shape scale, Attributes attributes) {
    return refusal({"QuantizeLinear", {f32({2, 6}), f32(std::move(scale))}, std::move(attributes)});
  };
  EXPECT_EQ(refused({5}, {}), "got a scale of shape [5], expected one element, or [6] for axis 1");
  EXPECT_EQ(refused({6}, {{"axis", 2L}}), "got axis 2, expected one from -2 to 1");
  EXPECT_EQ(refused({2, 3}, {{"block_size", 4L}}), "got a scale of shape [2,3], expected [2,2]");
  EXPECT_EQ(refused({2, 3}, {{"block_size", -4L}}), "got block_size -4, expected 0 or more");
  EXPECT_EQ(refusal({"DequantizeLinear",
                     {zeros(DType::Int8, Shape{2, 6}), f32({6}), zeros(DType::Int8, Shape{})}}),
            "got a zero point of shape [], expected [6]");
}

}  // namespace
}  // namespace mtmi::ops
