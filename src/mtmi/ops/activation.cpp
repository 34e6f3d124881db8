// Functions of one element that keep type and shape: y[i] = f(x[i]; attributes).
#include <array>
#include <string>

#include "mtmi/error.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_floating_point(const InferContext& context) {
  const TensorType& x = context.input(0);
  if (!is_floating_point(x.dtype)) {
    throw Error(ErrorCode::InvalidModel,
                "ops::activation",
                "got " + std::string(to_string(x.dtype)) + ", expected a floating-point type");
  }
  return {x};
}

constexpr std::array kOperators{
    Operator{"Relu", {1, 1}, {1, 1}, [](const InferContext& c) { return std::vector{c.input(0)}; }},
    Operator{"Sigmoid", {1, 1}, {1, 1}, infer_floating_point},
    Operator{"Tanh", {1, 1}, {1, 1}, infer_floating_point},
};

}  // namespace

std::span<const Operator> activation_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
