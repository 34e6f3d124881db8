#include "mtmi/ops/transpose.h"

#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/movement.h"
#include "mtmi/kernels/strided_loop.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> transpose(const EvaluateContext& context) {
  const Tensor& src = context.input(0);
  const std::vector<std::int64_t> strides = kernels::dense_strides(src.shape());
  Placement from;
  for (const int axis : ops::transpose_permutation(context.node.attributes, src.shape().rank())) {
    from.strides.push_back(strides[static_cast<std::size_t>(axis)]);
  }
  return {copy_of_box(context.outputs[0].shape, src, from)};
}

constexpr std::array kEvaluators{
    Evaluator{"Transpose", transpose},
};

}  // namespace

std::span<const Evaluator> transpose_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
