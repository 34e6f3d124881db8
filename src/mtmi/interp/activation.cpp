#include "mtmi/kernels/activation.h"

#include <array>

#include "mtmi/core/half.h"
#include "mtmi/error.h"
#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {
namespace {

template <class T, class F>
void map_elements(const Tensor& src, Tensor& dst, F f) {
  const auto from = src.data<T>();
  const auto to = dst.data<T>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i] = f(from[i]);
  }
}

/// Half-width types are computed in float and rounded once.
template <class F>
Tensor map_float(const EvaluateContext& context, F f) {
  const Tensor& src = context.input(0);
  Tensor dst(src.dtype(), src.shape());
  switch (src.dtype()) {
    case DType::Float32:
      map_elements<float>(src, dst, f);
      break;
    case DType::Float64:
      map_elements<double>(src, dst, f);
      break;
    case DType::Float16:
      map_elements<Float16>(src, dst, [&f](Float16 x) { return to_float16(f(to_float(x))); });
      break;
    case DType::BFloat16:
      map_elements<BFloat16>(src, dst, [&f](BFloat16 x) { return to_bfloat16(f(to_float(x))); });
      break;
    default:
      throw Error(
          ErrorCode::Unsupported,
          "interp::activation",
          "got " + std::string(to_string(src.dtype())) + ", expected a floating-point type");
  }
  return dst;
}

constexpr std::array kEvaluators{
    Evaluator{"Relu",
              [](const EvaluateContext& c) {
                return std::vector{map_float(c, [](auto x) { return kernels::relu(x); })};
              }},
    Evaluator{"Sigmoid",
              [](const EvaluateContext& c) {
                return std::vector{map_float(c, [](auto x) { return kernels::sigmoid(x); })};
              }},
    Evaluator{"Tanh",
              [](const EvaluateContext& c) {
                return std::vector{map_float(c, [](auto x) { return kernels::tanh(x); })};
              }},
};

}  // namespace

std::span<const Evaluator> activation_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
