#include <array>

#include "mtmi/interp/elementwise.h"
#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {
namespace {

template <class F>
std::vector<Tensor> compare(const EvaluateContext& context, const F& f) {
  const Tensor& a = context.input(0);
  return {visit_numeric(a.dtype(), [&]<class T>(std::type_identity<T>) {
    return map_broadcast<bool, T, T>(context.outputs[0].shape, a, context.input(1), f);
  })};
}

template <class F>
std::vector<Tensor> combine(const EvaluateContext& context, const F& f) {
  return {map_broadcast<bool, bool, bool>(
      context.outputs[0].shape, context.input(0), context.input(1), f)};
}

std::vector<Tensor> equal(const EvaluateContext& c) {
  if (c.input(0).dtype() == DType::Bool) {
    return combine(c, [](bool a, bool b) { return a == b; });
  }
  return compare(c, [](auto a, auto b) { return a == b; });
}

std::vector<Tensor> greater(const EvaluateContext& c) {
  return compare(c, [](auto a, auto b) { return a > b; });
}

std::vector<Tensor> greater_or_equal(const EvaluateContext& c) {
  return compare(c, [](auto a, auto b) { return a >= b; });
}

std::vector<Tensor> less(const EvaluateContext& c) {
  return compare(c, [](auto a, auto b) { return a < b; });
}

std::vector<Tensor> less_or_equal(const EvaluateContext& c) {
  return compare(c, [](auto a, auto b) { return a <= b; });
}

std::vector<Tensor> logical_and(const EvaluateContext& c) {
  return combine(c, [](bool a, bool b) { return a && b; });
}

std::vector<Tensor> logical_or(const EvaluateContext& c) {
  return combine(c, [](bool a, bool b) { return a || b; });
}

std::vector<Tensor> logical_xor(const EvaluateContext& c) {
  return combine(c, [](bool a, bool b) { return a != b; });
}

std::vector<Tensor> logical_not(const EvaluateContext& c) {
  Tensor dst(DType::Bool, c.input(0).shape());
  kernels::map(dst.data<bool>(), c.input(0).data<bool>(), [](bool x) { return !x; });
  return {dst};
}

/// One row of Where.
template <class T>
void choose(const std::array<std::int64_t, 4>& steps,
            std::int64_t count,
            T* dst,
            const bool* condition,
            const T* yes,
            const T* no) {
  for (std::int64_t i = 0; i < count; ++i) {
    dst[i * steps[0]] = condition[i * steps[1]] ? yes[i * steps[2]] : no[i * steps[3]];
  }
}

std::vector<Tensor> where(const EvaluateContext& c) {
  const Tensor& condition = c.input(0);
  const Tensor& yes = c.input(1);
  const Tensor& no = c.input(2);
  Tensor dst(yes.dtype(), c.outputs[0].shape);
  const auto loop =
      kernels::broadcast_loop<3>(dst.shape(), {&condition.shape(), &yes.shape(), &no.shape()});
  const std::array<std::int64_t, 4> steps{loop.strides[0].back(),
                                          loop.strides[1].back(),
                                          loop.strides[2].back(),
                                          loop.strides[3].back()};
  visit_any(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::for_each_row(loop, [&](const std::array<std::int64_t, 4>& at) {
      choose(steps,
             loop.extents.back(),
             dst.data<T>().data() + at[0],
             condition.data<bool>().data() + at[1],
             yes.data<T>().data() + at[2],
             no.data<T>().data() + at[3]);
    });
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"Equal", equal},
    Evaluator{"Greater", greater},
    Evaluator{"GreaterOrEqual", greater_or_equal},
    Evaluator{"Less", less},
    Evaluator{"LessOrEqual", less_or_equal},
    Evaluator{"And", logical_and},
    Evaluator{"Or", logical_or},
    Evaluator{"Xor", logical_xor},
    Evaluator{"Not", logical_not},
    Evaluator{"Where", where},
};

}  // namespace

std::span<const Evaluator> logic_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
