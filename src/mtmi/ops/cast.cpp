#include "mtmi/ops/cast.h"

#include <array>
#include <string>

#include "mtmi/error.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_cast(const InferContext& context) {
  return {{cast_target(context.attributes()), context.input(0).shape}};
}

std::vector<TensorType> infer_cast_like(const InferContext& context) {
  return {{context.input(1).dtype, context.input(0).shape}};
}

constexpr std::array kOperators{
    Operator{"Cast", {1, 1}, {1, 1}, infer_cast},
    Operator{"CastLike", {2, 2}, {1, 1}, infer_cast_like},
};

}  // namespace

DType cast_target(const Attributes& attributes) {
  if (!attributes.has("to")) {
    refuse("no attribute 'to'", "one");
  }
  // The numbers of TensorProto.DataType in the ONNX specification.
  const std::int64_t to = attributes.get_int("to", 0);
  switch (to) {
    case 1:
      return DType::Float32;
    case 2:
      return DType::UInt8;
    case 3:
      return DType::Int8;
    case 6:
      return DType::Int32;
    case 7:
      return DType::Int64;
    case 9:
      return DType::Bool;
    case 10:
      return DType::Float16;
    case 11:
      return DType::Float64;
    case 16:
      return DType::BFloat16;
    default:
      throw Error(ErrorCode::Unsupported,
                  "ops::cast_target",
                  "got the element type number " + std::to_string(to) +
                      ", expected one of f32, f16, bf16, f64, s8, u8, s32, s64, bool");
  }
}

std::span<const Operator> cast_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
