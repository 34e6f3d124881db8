#include "mtmi/ops/cum_sum.h"

#include <array>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/kernels/cum_sum_ref.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> cum_sum(const EvaluateContext& c) {
  const Tensor& src = c.input(0);
  const bool exclusive = c.node.attributes.get_int("exclusive", 0) != 0;
  const bool reverse = c.node.attributes.get_int("reverse", 0) != 0;
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_numeric(src.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::cum_sum_ref(split_at_axis(src.shape(), ops::cum_sum_axis(c.known)),
                         exclusive,
                         reverse,
                         src.data<T>().data(),
                         dst.data<T>().data());
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"CumSum", cum_sum},
};

}  // namespace

std::span<const Evaluator> cum_sum_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
