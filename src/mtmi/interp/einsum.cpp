#include "mtmi/ops/einsum.h"

#include <array>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/kernels/einsum_ref.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> einsum(const EvaluateContext& c) {
  // What is left out at the end is no operand.
  const auto inputs = c.inputs.first(static_cast<std::size_t>(c.known.num_inputs()));
  std::vector<Shape> shapes;
  for (const Tensor* operand : inputs) {
    shapes.push_back(operand->shape());
  }
  const ops::EinsumGeometry g =
      ops::einsum_geometry(c.node.attributes.get_string("equation", ""), shapes);
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_numeric(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    std::vector<const T*> operands;
    for (const Tensor* operand : inputs) {
      operands.push_back(operand->data<T>().data());
    }
    std::vector<std::int64_t> offsets(operands.size());
    kernels::einsum_ref<T>(
        {.extents = g.extents, .output_rank = g.output_rank, .strides = g.strides},
        operands,
        dst.data<T>().data(),
        offsets);
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"Einsum", einsum},
};

}  // namespace

std::span<const Evaluator> einsum_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
