// Mathematical functions of one element that keep type and shape.
#include <array>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_floating_point(const InferContext& context) {
  require_floating_point(context.input(0).dtype);
  return {context.input(0)};
}

std::vector<TensorType> infer_numeric(const InferContext& context) {
  require_numeric(context.input(0).dtype);
  return {context.input(0)};
}

std::vector<TensorType> infer_signed(const InferContext& context) {
  if (context.input(0).dtype == DType::UInt8) {
    refuse("u8", "a signed type");
  }
  return infer_numeric(context);
}

/// The bounds are optional and hold one element each.
std::vector<TensorType> infer_clip(const InferContext& context) {
  const TensorType& x = context.input(0);
  require_numeric(x.dtype);
  for (int i = 1; i <= 2; ++i) {
    if (context.has_input(i)) {
      require_dtype(context.input(i).dtype, x.dtype);
      if (context.input(i).shape.num_elements() != 1) {
        refuse("a bound of shape " + to_string(context.input(i).shape), "a scalar");
      }
    }
  }
  return {x};
}

constexpr Arity kOne{1, 1};

constexpr std::array kOperators{
    Operator{"Sqrt", kOne, kOne, infer_floating_point},
    Operator{"Erf", kOne, kOne, infer_floating_point},
    Operator{"Exp", kOne, kOne, infer_floating_point},
    Operator{"Log", kOne, kOne, infer_floating_point},
    Operator{"Sin", kOne, kOne, infer_floating_point},
    Operator{"Cos", kOne, kOne, infer_floating_point},
    Operator{"Reciprocal", kOne, kOne, infer_floating_point},
    Operator{"Floor", kOne, kOne, infer_floating_point},
    Operator{"Ceil", kOne, kOne, infer_floating_point},
    Operator{"Round", kOne, kOne, infer_floating_point},
    Operator{"Abs", kOne, kOne, infer_numeric},
    Operator{"Sign", kOne, kOne, infer_numeric},
    Operator{"Neg", kOne, kOne, infer_signed},
    Operator{"Clip", {1, 3}, kOne, infer_clip},
};

}  // namespace

std::span<const Operator> math_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
