#include "mtmi/ops/quantization.h"

#include <array>
#include <string>

#include "mtmi/core/checked.h"
#include "mtmi/error.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

// ONNX's numbers for the types that attribute output_dtype may name (onnx.proto, TensorProto).
constexpr std::int64_t kOnnxUInt8 = 2;
constexpr std::int64_t kOnnxInt8 = 3;

void require_layout(const InferContext& context) {
  const Shape& scale = context.input(1).shape;
  static_cast<void>(quantization_layout(context.attributes(), context.input(0).shape, scale));
  require_shape(context, 2, scale, "a zero point");
}

DType quantized_type(const InferContext& context) {
  const std::int64_t named = context.attributes().get_int("output_dtype", 0);
  if (named != 0 && named != kOnnxUInt8 && named != kOnnxInt8) {
    throw Error(ErrorCode::Unsupported,
                "ops::infer",
                "got output_dtype " + std::to_string(named) + ", expected 2 (u8) or 3 (s8)");
  }
  const DType wanted = named == kOnnxInt8 ? DType::Int8 : DType::UInt8;
  if (!context.has_input(2)) {
    return wanted;
  }
  require_dtype_among(context, 2, {DType::Int8, DType::UInt8});
  if (named != 0) {
    require_dtype(context.input(2).dtype, wanted);
  }
  return context.input(2).dtype;
}

std::vector<TensorType> infer_quantize(const InferContext& context) {
  require_dtype_among(context, 0, {DType::Float32, DType::Float16, DType::BFloat16, DType::Int32});
  require_dtype_among(context, 1, {DType::Float32, DType::Float16, DType::BFloat16, DType::Int32});
  require_layout(context);
  return {{quantized_type(context), context.input(0).shape}};
}

std::vector<TensorType> infer_dequantize(const InferContext& context) {
  require_dtype_among(context, 0, {DType::Int8, DType::UInt8, DType::Int32});
  require_dtype_among(context, 1, {DType::Float32, DType::Float16, DType::BFloat16});
  require_layout(context);
  if (context.has_input(2)) {
    require_dtype(context.input(2).dtype, context.input(0).dtype);
  }
  return {{context.input(1).dtype, context.input(0).shape}};
}

constexpr std::array kOperators{
    Operator{"DequantizeLinear", {2, 3}, {1, 1}, infer_dequantize},
    Operator{"QuantizeLinear", {2, 3}, {1, 1}, infer_quantize},
};

QuantizationLayout blocked_layout(const Shape& x,
                                  const Shape& scale,
                                  int axis,
                                  std::int64_t block) {
  std::vector<std::int64_t> expected = x.extents();
  expected[static_cast<std::size_t>(axis)] = ceil_div(x[axis], block);
  if (scale != Shape(expected)) {
    refuse("a scale of shape " + to_string(scale), to_string(Shape(expected)));
  }
  const AxisSplit split = split_at_axis(x, axis);
  return {.split = split,
          .block = block,
          .outer_stride = scale[axis] * split.inner,
          .axis_stride = split.inner,
          .inner_stride = 1};
}

}  // namespace

QuantizationLayout quantization_layout(const Attributes& attributes,
                                       const Shape& x,
                                       const Shape& scale) {
  const std::int64_t block = attributes.get_int("block_size", 0);
  if (block < 0) {
    refuse("block_size " + std::to_string(block), "0 or more");
  }
  if (scale.rank() == 0 || (block == 0 && scale == Shape{1})) {
    return {.split = {.outer = 1, .extent = x.num_elements(), .inner = 1}};
  }
  const int axis = normalized_axis(attributes.get_int("axis", 1), x.rank());
  if (block != 0) {
    return blocked_layout(x, scale, axis, block);
  }
  if (scale != Shape{x[axis]}) {
    refuse("a scale of shape " + to_string(scale),
           "one element, or " + to_string(Shape{x[axis]}) + " for axis " + std::to_string(axis));
  }
  return {.split = split_at_axis(x, axis), .axis_stride = 1};
}

std::span<const Operator> quantization_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
