#include "mtmi/ops/cum_sum.h"

#include <array>
#include <string>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_cum_sum(const InferContext& context) {
  require_numeric(context.input(0).dtype);
  static_cast<void>(cum_sum_axis(context));
  return {context.input(0)};
}

constexpr std::array kOperators{
    Operator{"CumSum", {2, 2}, {1, 1}, infer_cum_sum},
};

}  // namespace

int cum_sum_axis(const InferContext& context) {
  const std::vector<std::int64_t> axis = context.constant_ints(1, "axis");
  if (axis.size() != 1) {
    refuse("axes " + list_of(axis), "one axis");
  }
  return normalized_axis(axis[0], context.input(0).shape.rank());
}

std::span<const Operator> cum_sum_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
