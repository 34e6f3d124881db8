// Half-width types are computed as float32, vectors of parameters as double.
#pragma once

#include <span>
#include <vector>

#include "mtmi/interp/evaluators.h"

namespace mtmi::interp {

/// The elements of `tensor`, of any type. Integers beyond 2^53 are rounded.
[[nodiscard]] std::vector<double> to_doubles(const Tensor& tensor);

/// A tensor of the values: floating-point types rounded to nearest (half-width ones by way of
/// float), integers half to even and clamped to the range of their type.
[[nodiscard]] Tensor from_doubles(const TensorType& type, std::span<const double> values);

/// `tensor` as Float32; the same elements where it is one. Of any numeric type.
[[nodiscard]] Tensor to_float32(const Tensor& tensor);

/// What `evaluate`, which knows float32 and float64, gives for a node of any floating-point type:
/// Float16 and BFloat16 inputs are widened (exactly), such outputs are computed as float32 and
/// rounded once.
[[nodiscard]] std::vector<Tensor> evaluate_wide(
    const EvaluateContext& context, std::vector<Tensor> (*evaluate)(const EvaluateContext&));

/// evaluate_wide() as an entry of a table.
template <std::vector<Tensor> (*evaluate)(const EvaluateContext&)>
std::vector<Tensor> wide(const EvaluateContext& context) {
  return evaluate_wide(context, evaluate);
}

/// f(std::type_identity<T>{}) with T = float or double. Pre: `dtype` is Float32 or Float64.
template <class F>
decltype(auto) visit_wide(DType dtype, F&& f) {
  return dtype == DType::Float64 ? f(std::type_identity<double>{}) : f(std::type_identity<float>{});
}

}  // namespace mtmi::interp
