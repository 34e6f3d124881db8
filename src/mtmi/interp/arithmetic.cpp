#include "mtmi/kernels/arithmetic.h"

#include <array>

#include "mtmi/interp/cast.h"
#include "mtmi/interp/elementwise.h"
#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {
namespace {

template <class F>
Tensor numeric(const Shape& shape, const Tensor& a, const Tensor& b, const F& f) {
  return visit_numeric(a.dtype(), [&]<class T>(std::type_identity<T>) {
    return map_broadcast<T, T, T>(shape, a, b, f);
  });
}

template <class F>
std::vector<Tensor> binary(const EvaluateContext& context, const F& f) {
  return {numeric(context.outputs[0].shape, context.input(0), context.input(1), f)};
}

std::vector<Tensor> add(const EvaluateContext& c) {
  return binary(c, [](auto a, auto b) { return kernels::add(a, b); });
}

std::vector<Tensor> subtract(const EvaluateContext& c) {
  return binary(c, [](auto a, auto b) { return kernels::subtract(a, b); });
}

std::vector<Tensor> multiply(const EvaluateContext& c) {
  return binary(c, [](auto a, auto b) { return kernels::multiply(a, b); });
}

std::vector<Tensor> divide(const EvaluateContext& c) {
  return binary(c, [](auto a, auto b) { return kernels::divide(a, b); });
}

std::vector<Tensor> modulo(const EvaluateContext& c) {
  if (c.node.attributes.get_int("fmod", 0) != 0) {
    return binary(c, [](auto a, auto b) { return kernels::truncated_modulo(a, b); });
  }
  return binary(c, [](auto a, auto b) { return kernels::floored_modulo(a, b); });
}

/// An integer to a power that is no integer goes through double and back.
Tensor integer_power(const Shape& shape, const Tensor& base, const Tensor& exponent) {
  if (is_floating_point(exponent.dtype())) {
    const Tensor power = map_broadcast<double, double, double>(
        shape, cast(base, DType::Float64), cast(exponent, DType::Float64), [](double x, double y) {
          return kernels::power(x, y);
        });
    return cast(power, base.dtype());
  }
  const Tensor wide = cast(exponent, DType::Int64);
  return visit_numeric(base.dtype(), [&]<class T>(std::type_identity<T>) -> Tensor {
    if constexpr (std::is_integral_v<T>) {
      return map_broadcast<T, T, std::int64_t>(
          shape, base, wide, [](T x, std::int64_t y) { return kernels::power(x, y); });
    } else {
      refuse_dtype(base.dtype());
    }
  });
}

std::vector<Tensor> power(const EvaluateContext& c) {
  const Tensor& base = c.input(0);
  const Shape& shape = c.outputs[0].shape;
  if (!is_floating_point(base.dtype())) {
    return {integer_power(shape, base, c.input(1))};
  }
  return {visit_floating_point(base.dtype(), [&]<class T>(std::type_identity<T>) {
    using Compute = kernels::ComputeType<T>;
    return map_broadcast<T, T, Compute>(
        shape, base, cast(c.input(1), dtype_of<Compute>), [](Compute x, Compute y) {
          return kernels::power(x, y);
        });
  })};
}

/// f over all inputs from left to right; half-width types give the Float32 that is still to be
/// rounded.
template <class F>
Tensor fold(const EvaluateContext& context, const F& f) {
  const auto [dtype, shape] = context.outputs[0];
  const bool is_half = dtype == DType::Float16 || dtype == DType::BFloat16;
  const DType wide = is_half ? DType::Float32 : dtype;
  Tensor result = cast(context.input(0), wide);
  for (int i = 1; i < context.known.num_inputs(); ++i) {
    result = numeric(shape, result, cast(context.input(i), wide), f);
  }
  return result;
}

std::vector<Tensor> minimum(const EvaluateContext& c) {
  const Tensor least = fold(c, [](auto a, auto b) { return kernels::minimum(a, b); });
  return {cast(least, c.outputs[0].dtype)};
}

std::vector<Tensor> maximum(const EvaluateContext& c) {
  const Tensor greatest = fold(c, [](auto a, auto b) { return kernels::maximum(a, b); });
  return {cast(greatest, c.outputs[0].dtype)};
}

std::vector<Tensor> sum(const EvaluateContext& c) {
  const Tensor total = fold(c, [](auto a, auto b) { return kernels::add(a, b); });
  return {cast(total, c.outputs[0].dtype)};
}

std::vector<Tensor> mean(const EvaluateContext& c) {
  const Tensor total = fold(c, [](auto a, auto b) { return kernels::add(a, b); });
  const int count = c.known.num_inputs();
  const Tensor quotient =
      map_floating_point(total, [count]<class T>(T x) { return x / static_cast<T>(count); });
  return {cast(quotient, c.outputs[0].dtype)};
}

constexpr std::array kEvaluators{
    Evaluator{"Add", add},
    Evaluator{"Sub", subtract},
    Evaluator{"Mul", multiply},
    Evaluator{"Div", divide},
    Evaluator{"Pow", power},
    Evaluator{"Mod", modulo},
    Evaluator{"Min", minimum},
    Evaluator{"Max", maximum},
    Evaluator{"Sum", sum},
    Evaluator{"Mean", mean},
};

}  // namespace

std::span<const Evaluator> arithmetic_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
