#include "mtmi/interp/wide_types.h"

#include <algorithm>

#include "mtmi/interp/dispatch.h"
#include "mtmi/kernels/broadcast.h"
#include "mtmi/kernels/element.h"
#include "mtmi/kernels/saturate.h"

namespace mtmi::interp {
namespace {

bool is_half(DType dtype) {
  return dtype == DType::Float16 || dtype == DType::BFloat16;
}

Tensor narrowed(const Tensor& src, DType dtype) {
  Tensor dst(dtype, src.shape());
  visit_floating_point(dtype, [&]<class T>(std::type_identity<T>) {
    const auto from = src.data<float>();
    std::transform(from.begin(), from.end(), dst.data<T>().begin(), [](float x) {
      return kernels::store<T>(x);
    });
  });
  return dst;
}

}  // namespace

std::vector<double> to_doubles(const Tensor& tensor) {
  return visit_any(tensor.dtype(), [&]<class T>(std::type_identity<T>) {
    std::vector<double> values;
    values.reserve(tensor.data<T>().size());
    for (const T x : tensor.data<T>()) {
      values.push_back(static_cast<double>(kernels::load(x)));
    }
    return values;
  });
}

Tensor from_doubles(const TensorType& type, std::span<const double> values) {
  Tensor tensor(type.dtype, type.shape);
  visit_numeric(type.dtype, [&]<class T>(std::type_identity<T>) {
    std::transform(values.begin(), values.end(), tensor.data<T>().begin(), [](double x) {
      return kernels::store<T>(kernels::saturate_rounded<kernels::ComputeType<T>>(x));
    });
  });
  return tensor;
}

Tensor to_float32(const Tensor& tensor) {
  if (tensor.dtype() == DType::Float32) {
    return tensor;
  }
  Tensor dst(DType::Float32, tensor.shape());
  visit_numeric(tensor.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto from = tensor.data<T>();
    std::transform(from.begin(), from.end(), dst.data<float>().begin(), [](T x) {
      return static_cast<float>(kernels::load(x));
    });
  });
  return dst;
}

std::vector<Tensor> evaluate_wide(const EvaluateContext& context,
                                  std::vector<Tensor> (*evaluate)(const EvaluateContext&)) {
  std::vector<Tensor> storage;
  storage.reserve(context.inputs.size());  // the pointers below stay valid
  std::vector<const Tensor*> inputs(context.inputs.begin(), context.inputs.end());
  for (const Tensor*& input : inputs) {
    if (input != nullptr && is_half(input->dtype())) {
      input = &storage.emplace_back(to_float32(*input));
    }
  }
  std::vector<TensorType> outputs(context.outputs.begin(), context.outputs.end());
  for (TensorType& output : outputs) {
    output.dtype = is_half(output.dtype) ? DType::Float32 : output.dtype;
  }
  std::vector<Tensor> results = evaluate(
      {.node = context.node, .inputs = inputs, .outputs = outputs, .known = context.known});
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (is_half(context.outputs[i].dtype)) {
      results[i] = narrowed(results[i], context.outputs[i].dtype);
    }
  }
  return results;
}

}  // namespace mtmi::interp
