// Functions of one element that networks bend their values with; they keep type and shape.
#include <array>

#include "mtmi/ops/broadcast.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/elementwise.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

/// The slopes broadcast to the data, not the other way round.
std::vector<TensorType> infer_prelu(const InferContext& context) {
  const TensorType& x = context.input(0);
  const TensorType& slope = context.input(1);
  require_numeric(x.dtype);
  require_dtype(slope.dtype, x.dtype);
  if (broadcast(x.shape, slope.shape) != x.shape) {
    refuse("a slope of shape " + to_string(slope.shape),
           "one that broadcasts to " + to_string(x.shape));
  }
  return {x};
}

/// Attribute approximate: "none", exact by erf, or "tanh".
std::vector<TensorType> infer_gelu(const InferContext& context) {
  require_choice(
      "approximate", context.attributes().get_string("approximate", "none"), {"none", "tanh"});
  return infer_floating_point_map(context);
}

constexpr Arity kOne{1, 1};

constexpr std::array kOperators{
    Operator{"Relu", kOne, kOne, infer_numeric_map},
    Operator{"LeakyRelu", kOne, kOne, infer_floating_point_map},
    Operator{"ThresholdedRelu", kOne, kOne, infer_floating_point_map},
    Operator{"PRelu", {2, 2}, kOne, infer_prelu},
    Operator{"Elu", kOne, kOne, infer_floating_point_map},
    Operator{"Celu", kOne, kOne, infer_floating_point_map},
    Operator{"Selu", kOne, kOne, infer_floating_point_map},
    Operator{"Sigmoid", kOne, kOne, infer_floating_point_map},
    Operator{"HardSigmoid", kOne, kOne, infer_floating_point_map},
    Operator{"HardSwish", kOne, kOne, infer_floating_point_map},
    Operator{"Gelu", kOne, kOne, infer_gelu},
    Operator{"Mish", kOne, kOne, infer_floating_point_map},
    Operator{"Softplus", kOne, kOne, infer_floating_point_map},
    Operator{"Softsign", kOne, kOne, infer_floating_point_map},
    Operator{"Tanh", kOne, kOne, infer_floating_point_map},
};

}  // namespace

std::span<const Operator> activation_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
