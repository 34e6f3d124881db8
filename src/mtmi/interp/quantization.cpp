#include "mtmi/ops/quantization.h"

#include <array>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/quantization_ref.h"

namespace mtmi::interp {
namespace {

kernels::ScaleLayout layout_of(const EvaluateContext& c) {
  const ops::QuantizationLayout layout =
      ops::quantization_layout(c.node.attributes, c.input(0).shape(), c.input(1).shape());
  return {.split = layout.split,
          .block = layout.block,
          .outer_stride = layout.outer_stride,
          .axis_stride = layout.axis_stride,
          .inner_stride = layout.inner_stride};
}

template <class T>
const T* zero_points(const EvaluateContext& c) {
  return c.has_input(2) ? c.input(2).data<T>().data() : nullptr;
}

/// f(std::type_identity<T>{}) for the types that values are quantised to.
template <class F>
void visit_quantized(DType dtype, F&& f) {
  switch (dtype) {
    case DType::Int8:
      return f(std::type_identity<std::int8_t>{});
    case DType::UInt8:
      return f(std::type_identity<std::uint8_t>{});
    case DType::Int32:
      return f(std::type_identity<std::int32_t>{});
    default:
      refuse_dtype(dtype);
  }
}

std::vector<Tensor> quantize(const EvaluateContext& c) {
  const Tensor src = to_float32(c.input(0));
  const Tensor scales = to_float32(c.input(1));
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_quantized(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::quantize_ref(layout_of(c),
                          src.data<float>().data(),
                          scales.data<float>().data(),
                          zero_points<T>(c),
                          dst.data<T>().data());
  });
  return {dst};
}

std::vector<Tensor> dequantize(const EvaluateContext& c) {
  const Tensor& src = c.input(0);
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_quantized(src.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::dequantize_ref(layout_of(c),
                            src.data<T>().data(),
                            c.input(1).data<float>().data(),
                            zero_points<T>(c),
                            dst.data<float>().data());
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"DequantizeLinear", wide<dequantize>},
    Evaluator{"QuantizeLinear", quantize},
};

}  // namespace

std::span<const Evaluator> quantization_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
