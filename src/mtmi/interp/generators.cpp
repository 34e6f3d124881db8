#include "mtmi/ops/generators.h"

#include <array>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/movement.h"
#include "mtmi/kernels/arithmetic.h"
#include "mtmi/kernels/element.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> shape(const EvaluateContext& context) {
  const std::vector<std::int64_t> extents =
      ops::extents_between(context.node.attributes, context.input(0).shape());
  return {Tensor::from<std::int64_t>(context.outputs[0].shape, extents)};
}

std::vector<Tensor> size(const EvaluateContext& context) {
  return {Tensor::from<std::int64_t>(Shape{}, {context.input(0).num_elements()})};
}

std::vector<Tensor> constant_of_shape(const EvaluateContext& context) {
  const Shape& shape = context.outputs[0].shape;
  const Tensor value = ops::fill_value(context.node.attributes);
  const std::vector<std::int64_t> standing(static_cast<std::size_t>(shape.rank()), 0);
  return {copy_of_box(shape, value, {0, standing})};
}

/// start + i * delta, each from its own i so that errors do not add up.
template <class T>
Tensor range_of(const EvaluateContext& context) {
  Tensor dst(context.outputs[0].dtype, context.outputs[0].shape);
  const T start = context.input(0).data<T>()[0];
  const T delta = context.input(2).data<T>()[0];
  const auto to = dst.data<T>();
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] = kernels::add(start, kernels::multiply(static_cast<T>(i), delta));
  }
  return dst;
}

std::vector<Tensor> range(const EvaluateContext& context) {
  return {visit_numeric(context.outputs[0].dtype, [&]<class T>(std::type_identity<T>) -> Tensor {
    if constexpr (kernels::kIsHalf<T>) {
      refuse_dtype(dtype_of<T>);
    } else {
      return range_of<T>(context);
    }
  })};
}

constexpr std::array kEvaluators{
    Evaluator{"Shape", shape},
    Evaluator{"Size", size},
    Evaluator{"ConstantOfShape", constant_of_shape},
    Evaluator{"Range", range},
};

}  // namespace

std::span<const Evaluator> generator_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
