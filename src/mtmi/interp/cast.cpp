#include "mtmi/interp/cast.h"

#include <array>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/kernels/cast.h"

namespace mtmi::interp {
namespace {

template <class To, class From>
void cast_elements(const Tensor& src, Tensor& dst) {
  const auto from = src.data<From>();
  const auto to = dst.data<To>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i] = kernels::cast<To>(from[i]);
  }
}

std::vector<Tensor> evaluate_cast(const EvaluateContext& context) {
  return {cast(context.input(0), context.outputs[0].dtype)};
}

constexpr std::array kEvaluators{
    Evaluator{"Cast", evaluate_cast},
    Evaluator{"CastLike", evaluate_cast},
};

}  // namespace

Tensor cast(const Tensor& src, DType dtype) {
  if (src.dtype() == dtype) {
    return src;
  }
  Tensor dst(dtype, src.shape());
  visit_any(src.dtype(), [&]<class From>(std::type_identity<From>) {
    visit_any(dtype, [&]<class To>(std::type_identity<To>) { cast_elements<To, From>(src, dst); });
  });
  return dst;
}

std::span<const Evaluator> cast_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
