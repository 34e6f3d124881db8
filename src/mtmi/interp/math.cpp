#include "mtmi/kernels/math.h"

#include <array>

#include "mtmi/interp/elementwise.h"
#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> square_root(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return std::sqrt(x); })};
}

std::vector<Tensor> erf(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return std::erf(x); })};
}

std::vector<Tensor> exponential(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return std::exp(x); })};
}

std::vector<Tensor> logarithm(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return std::log(x); })};
}

std::vector<Tensor> sine(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return std::sin(x); })};
}

std::vector<Tensor> cosine(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return std::cos(x); })};
}

std::vector<Tensor> reciprocal(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::reciprocal(x); })};
}

std::vector<Tensor> floor(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return std::floor(x); })};
}

std::vector<Tensor> ceil(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return std::ceil(x); })};
}

std::vector<Tensor> round(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::round_half_to_even(x); })};
}

std::vector<Tensor> absolute(const EvaluateContext& c) {
  return {map_numeric(c.input(0), [](auto x) { return kernels::absolute(x); })};
}

std::vector<Tensor> sign(const EvaluateContext& c) {
  return {map_numeric(c.input(0), [](auto x) { return kernels::sign(x); })};
}

std::vector<Tensor> negate(const EvaluateContext& c) {
  return {map_numeric(c.input(0), [](auto x) { return kernels::negate(x); })};
}

std::vector<Tensor> clip(const EvaluateContext& c) {
  return {visit_numeric(c.input(0).dtype(), [&c]<class T>(std::type_identity<T>) {
    using Compute = kernels::ComputeType<T>;
    const auto bound = [&c](int index, Compute fallback) {
      return c.has_input(index) ? kernels::load(c.input(index).data<T>()[0]) : fallback;
    };
    const Compute low = bound(1, kernels::kLowest<Compute>);
    const Compute high = bound(2, kernels::kHighest<Compute>);
    Tensor dst(c.input(0).dtype(), c.input(0).shape());
    kernels::map(dst.data<T>(), c.input(0).data<T>(), [low, high](Compute x) {
      return kernels::clip(x, low, high);
    });
    return dst;
  })};
}

constexpr std::array kEvaluators{
    Evaluator{"Sqrt", square_root},
    Evaluator{"Erf", erf},
    Evaluator{"Exp", exponential},
    Evaluator{"Log", logarithm},
    Evaluator{"Sin", sine},
    Evaluator{"Cos", cosine},
    Evaluator{"Reciprocal", reciprocal},
    Evaluator{"Floor", floor},
    Evaluator{"Ceil", ceil},
    Evaluator{"Round", round},
    Evaluator{"Abs", absolute},
    Evaluator{"Sign", sign},
    Evaluator{"Neg", negate},
    Evaluator{"Clip", clip},
};

}  // namespace

std::span<const Evaluator> math_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
