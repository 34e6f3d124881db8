#include "mtmi/kernels/activation.h"

#include <array>

#include "mtmi/interp/elementwise.h"
#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> relu(const EvaluateContext& c) {
  return {map_numeric(c.input(0), [](auto x) { return kernels::relu(x); })};
}

std::vector<Tensor> sigmoid(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::sigmoid(x); })};
}

std::vector<Tensor> tanh(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::tanh(x); })};
}

constexpr std::array kEvaluators{
    Evaluator{"Relu", relu},
    Evaluator{"Sigmoid", sigmoid},
    Evaluator{"Tanh", tanh},
};

}  // namespace

std::span<const Evaluator> activation_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
