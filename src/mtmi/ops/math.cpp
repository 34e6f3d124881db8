// Mathematical functions of one element that keep type and shape.
#include <array>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/elementwise.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_signed(const InferContext& context) {
  if (context.input(0).dtype == DType::UInt8) {
    refuse("u8", "a signed type");
  }
  return infer_numeric_map(context);
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
    Operator{"Sqrt", kOne, kOne, infer_floating_point_map},
    Operator{"Erf", kOne, kOne, infer_floating_point_map},
    Operator{"Exp", kOne, kOne, infer_floating_point_map},
    Operator{"Log", kOne, kOne, infer_floating_point_map},
    Operator{"Sin", kOne, kOne, infer_floating_point_map},
    Operator{"Cos", kOne, kOne, infer_floating_point_map},
    Operator{"Reciprocal", kOne, kOne, infer_floating_point_map},
    Operator{"Floor", kOne, kOne, infer_floating_point_map},
    Operator{"Ceil", kOne, kOne, infer_floating_point_map},
    Operator{"Round", kOne, kOne, infer_floating_point_map},
    Operator{"Abs", kOne, kOne, infer_numeric_map},
    Operator{"Sign", kOne, kOne, infer_numeric_map},
    Operator{"Neg", kOne, kOne, infer_signed},
    Operator{"Clip", {1, 3}, kOne, infer_clip},
};

}  // namespace

std::span<const Operator> math_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
