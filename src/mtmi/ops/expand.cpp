// Repeating a tensor along its axes.
#include <array>

#include "mtmi/core/checked.h"
#include "mtmi/ops/broadcast.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_expand(const InferContext& context) {
  const TensorType& x = context.input(0);
  const Shape requested = checked_shape(context.constant_ints(1, "shape"));
  return {{x.dtype, checked_shape(broadcast(x.shape, requested).extents())}};
}

std::vector<TensorType> infer_tile(const InferContext& context) {
  const TensorType& x = context.input(0);
  const std::vector<std::int64_t> repeats = context.constant_ints(1, "repeats");
  if (static_cast<int>(repeats.size()) != x.shape.rank()) {
    refuse("repeats " + list_of(repeats), "one for each axis of " + to_string(x.shape));
  }
  std::vector<std::int64_t> extents;
  for (std::size_t axis = 0; axis < repeats.size(); ++axis) {
    if (repeats[axis] < 0) {
      refuse("repeats " + list_of(repeats), "none below 0");
    }
    extents.push_back(checked_mul(x.shape.extents()[axis], repeats[axis]));
  }
  return {{x.dtype, checked_shape(std::move(extents))}};
}

constexpr std::array kOperators{
    Operator{"Expand", {2, 2}, {1, 1}, infer_expand},
    Operator{"Tile", {2, 2}, {1, 1}, infer_tile},
};

}  // namespace

std::span<const Operator> expand_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
