// Softmax and LogSoftmax along one axis; type and shape stay.
#include <array>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_softmax(const InferContext& context) {
  const TensorType& x = context.input(0);
  require_floating_point(x.dtype);
  static_cast<void>(normalized_axis(context.attributes().get_int("axis", -1), x.shape.rank()));
  return {x};
}

constexpr std::array kOperators{
    Operator{"LogSoftmax", {1, 1}, {1, 1}, infer_softmax},
    Operator{"Softmax", {1, 1}, {1, 1}, infer_softmax},
};

}  // namespace

std::span<const Operator> softmax_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
