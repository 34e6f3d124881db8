#include <array>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/kernels/top_k_ref.h"
#include "mtmi/ops/checks.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> top_k(const EvaluateContext& c) {
  const Tensor& src = c.input(0);
  const int axis = ops::normalized_axis(c.node.attributes.get_int("axis", -1), src.shape().rank());
  const bool largest = c.node.attributes.get_int("largest", 1) != 0;
  std::vector<Tensor> outputs;
  for (const TensorType& type : c.outputs) {
    outputs.emplace_back(type.dtype, type.shape);
  }
  const AxisSplit split = split_at_axis(src.shape(), axis);
  std::vector<std::int64_t> order(static_cast<std::size_t>(split.extent));
  visit_numeric(src.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::top_k_ref(split,
                       c.outputs[0].shape[axis],
                       largest,
                       src.data<T>().data(),
                       outputs[0].data<T>().data(),
                       outputs.size() > 1 ? outputs[1].data<std::int64_t>().data() : nullptr,
                       order);
  });
  return outputs;
}

constexpr std::array kEvaluators{
    Evaluator{"TopK", top_k},
};

}  // namespace

std::span<const Evaluator> top_k_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
