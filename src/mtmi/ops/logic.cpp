// Comparisons, logic on booleans, and choosing by a condition; all with broadcasting.
#include <array>

#include "mtmi/ops/broadcast.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_equal(const InferContext& context) {
  const TensorType& a = context.input(0);
  const TensorType& b = context.input(1);
  require_dtype(b.dtype, a.dtype);
  return {{DType::Bool, broadcast(a.shape, b.shape)}};
}

std::vector<TensorType> infer_order(const InferContext& context) {
  require_numeric(context.input(0).dtype);
  return infer_equal(context);
}

std::vector<TensorType> infer_boolean(const InferContext& context) {
  require_dtype(context.input(0).dtype, DType::Bool);
  return infer_equal(context);
}

std::vector<TensorType> infer_not(const InferContext& context) {
  require_dtype(context.input(0).dtype, DType::Bool);
  return {context.input(0)};
}

std::vector<TensorType> infer_where(const InferContext& context) {
  const TensorType& condition = context.input(0);
  const TensorType& yes = context.input(1);
  const TensorType& no = context.input(2);
  require_dtype(condition.dtype, DType::Bool);
  require_dtype(no.dtype, yes.dtype);
  return {{yes.dtype, broadcast(condition.shape, broadcast(yes.shape, no.shape))}};
}

constexpr Arity kTwo{2, 2};
constexpr Arity kOne{1, 1};

constexpr std::array kOperators{
    Operator{"Equal", kTwo, kOne, infer_equal},
    Operator{"Greater", kTwo, kOne, infer_order},
    Operator{"GreaterOrEqual", kTwo, kOne, infer_order},
    Operator{"Less", kTwo, kOne, infer_order},
    Operator{"LessOrEqual", kTwo, kOne, infer_order},
    Operator{"And", kTwo, kOne, infer_boolean},
    Operator{"Or", kTwo, kOne, infer_boolean},
    Operator{"Xor", kTwo, kOne, infer_boolean},
    Operator{"Not", kOne, kOne, infer_not},
    Operator{"Where", {3, 3}, kOne, infer_where},
};

}  // namespace

std::span<const Operator> logic_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
