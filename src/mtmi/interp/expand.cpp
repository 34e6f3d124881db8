#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/movement.h"
#include "mtmi/kernels/broadcast.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> expand(const EvaluateContext& context) {
  const Tensor& src = context.input(0);
  const Shape& shape = context.outputs[0].shape;
  return {copy_of_box(shape, src, {0, kernels::broadcast_strides(src.shape(), shape.rank())})};
}

/// Each axis becomes two, the copies and the elements, the first of which stands still in the
/// source.
std::vector<Tensor> tile(const EvaluateContext& context) {
  const Tensor& src = context.input(0);
  const std::vector<std::int64_t> repeats = context.known.constant_ints(1, "repeats");
  const std::vector<std::int64_t> strides = kernels::dense_strides(src.shape());
  std::vector<std::int64_t> extents;
  Placement from;
  for (std::size_t axis = 0; axis < repeats.size(); ++axis) {
    extents.insert(extents.end(), {repeats[axis], src.shape().extents()[axis]});
    from.strides.insert(from.strides.end(), {0, strides[axis]});
  }
  return {copy_of_box(Shape(extents), src, from).reshaped(context.outputs[0].shape)};
}

constexpr std::array kEvaluators{
    Evaluator{"Expand", expand},
    Evaluator{"Tile", tile},
};

}  // namespace

std::span<const Evaluator> expand_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
