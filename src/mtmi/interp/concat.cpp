#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/movement.h"
#include "mtmi/kernels/strided_loop.h"
#include "mtmi/ops/checks.h"

namespace mtmi::interp {
namespace {

using kernels::dense_strides;

std::size_t axis_of(const EvaluateContext& context) {
  return static_cast<std::size_t>(ops::normalized_axis(context.node.attributes.get_int("axis", 0),
                                                       context.input(0).shape().rank()));
}

std::vector<Tensor> concat(const EvaluateContext& context) {
  Tensor dst(context.outputs[0].dtype, context.outputs[0].shape);
  const std::size_t axis = axis_of(context);
  Placement to{0, dense_strides(dst.shape())};
  for (int i = 0; i < context.known.num_inputs(); ++i) {
    const Tensor& src = context.input(i);
    copy_box(src.shape().extents(), dst, to, src, {0, dense_strides(src.shape())});
    to.offset += src.shape().extents()[axis] * to.strides[axis];
  }
  return {dst};
}

std::vector<Tensor> split(const EvaluateContext& context) {
  const Tensor& src = context.input(0);
  const std::size_t axis = axis_of(context);
  Placement from{0, dense_strides(src.shape())};
  std::vector<Tensor> parts;
  for (const TensorType& type : context.outputs) {
    parts.push_back(copy_of_box(type.shape, src, from));
    from.offset += type.shape.extents()[axis] * from.strides[axis];
  }
  return parts;
}

constexpr std::array kEvaluators{
    Evaluator{"Concat", concat},
    Evaluator{"Split", split},
};

}  // namespace

std::span<const Evaluator> concat_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
