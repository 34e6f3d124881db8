#include "mtmi/kernels/activation.h"

#include <array>

#include "mtmi/interp/elementwise.h"
#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> relu(const EvaluateContext& c) {
  return {map_numeric(c.input(0), [](auto x) { return kernels::relu(x); })};
}

std::vector<Tensor> leaky_relu(const EvaluateContext& c) {
  const float alpha = c.node.attributes.get_float("alpha", 0.01F);
  return {map_floating_point(c.input(0),
                             [alpha]<class T>(T x) { return kernels::prelu<T>(x, alpha); })};
}

std::vector<Tensor> thresholded_relu(const EvaluateContext& c) {
  const float alpha = c.node.attributes.get_float("alpha", 1.0F);
  return {map_floating_point(
      c.input(0), [alpha]<class T>(T x) { return kernels::thresholded_relu<T>(x, alpha); })};
}

std::vector<Tensor> prelu(const EvaluateContext& c) {
  const Tensor& x = c.input(0);
  return {visit_numeric(x.dtype(), [&]<class T>(std::type_identity<T>) {
    return map_broadcast<T, T, T>(x.shape(), x, c.input(1), [](auto value, auto slope) {
      return kernels::prelu(value, slope);
    });
  })};
}

std::vector<Tensor> elu(const EvaluateContext& c) {
  const float alpha = c.node.attributes.get_float("alpha", 1.0F);
  return {
      map_floating_point(c.input(0), [alpha]<class T>(T x) { return kernels::elu<T>(x, alpha); })};
}

std::vector<Tensor> celu(const EvaluateContext& c) {
  const float alpha = c.node.attributes.get_float("alpha", 1.0F);
  return {
      map_floating_point(c.input(0), [alpha]<class T>(T x) { return kernels::celu<T>(x, alpha); })};
}

/// The defaults are ONNX's, to the last digit of a float.
std::vector<Tensor> selu(const EvaluateContext& c) {
  const float alpha = c.node.attributes.get_float("alpha", 1.67326319217681884765625F);
  const float gamma = c.node.attributes.get_float("gamma", 1.05070102214813232421875F);
  return {map_floating_point(
      c.input(0), [alpha, gamma]<class T>(T x) { return kernels::selu<T>(x, alpha, gamma); })};
}

std::vector<Tensor> sigmoid(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::sigmoid(x); })};
}

std::vector<Tensor> hard_sigmoid(const EvaluateContext& c) {
  const float alpha = c.node.attributes.get_float("alpha", 0.2F);
  const float beta = c.node.attributes.get_float("beta", 0.5F);
  return {map_floating_point(c.input(0), [alpha, beta]<class T>(T x) {
    return kernels::hard_sigmoid<T>(x, alpha, beta);
  })};
}

std::vector<Tensor> hard_swish(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::hard_swish(x); })};
}

std::vector<Tensor> gelu(const EvaluateContext& c) {
  if (c.node.attributes.get_string("approximate", "none") == "tanh") {
    return {map_floating_point(c.input(0), [](auto x) { return kernels::gelu_tanh(x); })};
  }
  return {map_floating_point(c.input(0), [](auto x) { return kernels::gelu(x); })};
}

std::vector<Tensor> mish(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::mish(x); })};
}

std::vector<Tensor> softplus(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::softplus(x); })};
}

std::vector<Tensor> softsign(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::softsign(x); })};
}

std::vector<Tensor> tanh(const EvaluateContext& c) {
  return {map_floating_point(c.input(0), [](auto x) { return kernels::tanh(x); })};
}

constexpr std::array kEvaluators{
    Evaluator{"Relu", relu},
    Evaluator{"LeakyRelu", leaky_relu},
    Evaluator{"ThresholdedRelu", thresholded_relu},
    Evaluator{"PRelu", prelu},
    Evaluator{"Elu", elu},
    Evaluator{"Celu", celu},
    Evaluator{"Selu", selu},
    Evaluator{"Sigmoid", sigmoid},
    Evaluator{"HardSigmoid", hard_sigmoid},
    Evaluator{"HardSwish", hard_swish},
    Evaluator{"Gelu", gelu},
    Evaluator{"Mish", mish},
    Evaluator{"Softplus", softplus},
    Evaluator{"Softsign", softsign},
    Evaluator{"Tanh", tanh},
};

}  // namespace

std::span<const Evaluator> activation_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
