// Arithmetic on two or more tensors, with broadcasting.
#include <array>

#include "mtmi/ops/broadcast.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

/// All inputs of one type, broadcast together.
TensorType broadcast_inputs(const InferContext& context) {
  TensorType result = context.input(0);
  for (int i = 1; i < context.num_inputs(); ++i) {
    require_dtype(context.input(i).dtype, result.dtype);
    result.shape = broadcast(result.shape, context.input(i).shape);
  }
  return result;
}

std::vector<TensorType> infer_numeric(const InferContext& context) {
  require_numeric(context.input(0).dtype);
  return {broadcast_inputs(context)};
}

std::vector<TensorType> infer_floating_point(const InferContext& context) {
  require_floating_point(context.input(0).dtype);
  return {broadcast_inputs(context)};
}

/// Of the type of the base, whatever that of the exponent.
std::vector<TensorType> infer_pow(const InferContext& context) {
  const TensorType& base = context.input(0);
  const TensorType& exponent = context.input(1);
  require_numeric(base.dtype);
  require_numeric(exponent.dtype);
  return {{base.dtype, broadcast(base.shape, exponent.shape)}};
}

std::vector<TensorType> infer_mod(const InferContext& context) {
  const DType dtype = context.input(0).dtype;
  if (is_floating_point(dtype) && context.attributes().get_int("fmod", 0) != 1) {
    refuse("fmod 0 for " + std::string(to_string(dtype)), "fmod 1 for floating-point types");
  }
  return infer_numeric(context);
}

constexpr Arity kTwo{2, 2};
constexpr Arity kAny{1, Arity::kVariadic};
constexpr Arity kOne{1, 1};

constexpr std::array kOperators{
    Operator{"Add", kTwo, kOne, infer_numeric},
    Operator{"Sub", kTwo, kOne, infer_numeric},
    Operator{"Mul", kTwo, kOne, infer_numeric},
    Operator{"Div", kTwo, kOne, infer_numeric},
    Operator{"Pow", kTwo, kOne, infer_pow},
    Operator{"Mod", kTwo, kOne, infer_mod},
    Operator{"Min", kAny, kOne, infer_numeric},
    Operator{"Max", kAny, kOne, infer_numeric},
    Operator{"Sum", kAny, kOne, infer_floating_point},
    Operator{"Mean", kAny, kOne, infer_floating_point},
};

}  // namespace

std::span<const Operator> arithmetic_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
