#include "mtmi/ops/slice.h"

#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/movement.h"
#include "mtmi/kernels/strided_loop.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> slice(const EvaluateContext& context) {
  const Tensor& src = context.input(0);
  const std::vector<ops::SliceRange> ranges = ops::slice_ranges(context.known);
  Placement from{0, kernels::dense_strides(src.shape())};
  for (std::size_t axis = 0; axis < ranges.size(); ++axis) {
    // The step of a single element may be any number: it is never taken, nor multiplied.
    const bool moves = ranges[axis].extent > 1;
    from.offset += ranges[axis].start * from.strides[axis];
    from.strides[axis] *= moves ? ranges[axis].step : 0;
  }
  return {copy_of_box(context.outputs[0].shape, src, from)};
}

constexpr std::array kEvaluators{
    Evaluator{"Slice", slice},
};

}  // namespace

std::span<const Evaluator> slice_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
