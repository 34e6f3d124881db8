#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/softmax_ref.h"
#include "mtmi/ops/checks.h"

namespace mtmi::interp {
namespace {

AxisSplit split_of(const EvaluateContext& c) {
  const Shape& shape = c.input(0).shape();
  return split_at_axis(shape,
                       ops::normalized_axis(c.node.attributes.get_int("axis", -1), shape.rank()));
}

std::vector<Tensor> softmax(const EvaluateContext& c) {
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_wide(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::softmax_ref(split_of(c), c.input(0).data<T>().data(), dst.data<T>().data());
  });
  return {dst};
}

std::vector<Tensor> log_softmax(const EvaluateContext& c) {
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_wide(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::log_softmax_ref(split_of(c), c.input(0).data<T>().data(), dst.data<T>().data());
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"LogSoftmax", wide<log_softmax>},
    Evaluator{"Softmax", wide<softmax>},
};

}  // namespace

std::span<const Evaluator> softmax_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
