#include "mtmi/ops/reduction.h"

#include <algorithm>
#include <array>

#include "mtmi/core/axis_split.h"
#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/kernels/broadcast.h"
#include "mtmi/kernels/reduction_ref.h"

namespace mtmi::interp {
namespace {

/// R over elements of type T.
template <class R, class T>
void reduce_typed(const Tensor& src, const Shape& kept, Tensor& dst) {
  const auto to = dst.data<T>();
  const std::int64_t count = src.num_elements() / dst.num_elements();
  std::vector<typename R::template State<T>> states(to.size(), R::template init<T>());
  kernels::reduce_ref<R>(
      kernels::broadcast_loop<1>(src.shape(), {&kept}), src.data<T>().data(), states.data());
  std::transform(states.begin(), states.end(), to.begin(), [count](const auto& state) {
    return kernels::store<T>(R::template finish<T>(state, count));
  });
}

template <class R>
std::vector<Tensor> reduce(const EvaluateContext& c) {
  const ops::Reduction reduction = ops::reduction_of(c.known);
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_any(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    reduce_typed<R, T>(c.input(0), reduction.kept, dst);
  });
  return {dst};
}

std::vector<Tensor> arg_extremum(const EvaluateContext& c) {
  const ops::Reduction reduction = ops::reduction_of(c.known);
  const bool largest = c.node.op == "ArgMax";
  const bool last = c.node.attributes.get_int("select_last_index", 0) != 0;
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_numeric(c.input(0).dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::arg_extremum_ref(split_at_axis(c.input(0).shape(), reduction.axes[0]),
                              largest,
                              last,
                              c.input(0).data<T>().data(),
                              dst.data<std::int64_t>().data());
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"ArgMax", arg_extremum},
    Evaluator{"ArgMin", arg_extremum},
    Evaluator{"ReduceL1", reduce<kernels::SumOfMagnitudes>},
    Evaluator{"ReduceL2", reduce<kernels::RootOfSquares>},
    Evaluator{"ReduceLogSum", reduce<kernels::LogOfSum>},
    Evaluator{"ReduceLogSumExp", reduce<kernels::LogOfSumOfExp>},
    Evaluator{"ReduceMax", reduce<kernels::LargestOf>},
    Evaluator{"ReduceMean", reduce<kernels::MeanOf>},
    Evaluator{"ReduceMin", reduce<kernels::SmallestOf>},
    Evaluator{"ReduceProd", reduce<kernels::ProductOf>},
    Evaluator{"ReduceSum", reduce<kernels::SumOf>},
    Evaluator{"ReduceSumSquare", reduce<kernels::SumOfSquares>},
};

}  // namespace

std::span<const Evaluator> reduction_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
