#include "mtmi/ops/attention.h"

#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/attention_ref.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> attention(const EvaluateContext& c) {
  const ops::AttentionGeometry g =
      ops::attention_geometry(c.input(0).shape(), c.input(1).shape(), c.input(2).shape());
  const auto scale = static_cast<double>(c.node.attributes.get_float("scale", 1.0F));
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  std::vector<double> scratch(static_cast<std::size_t>(g.keys + g.value_depth));
  visit_wide(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::attention_ref<T>({.batch = g.batch,
                               .queries = g.queries,
                               .keys = g.keys,
                               .depth = g.depth,
                               .value_depth = g.value_depth},
                              scale,
                              c.input(0).data<T>().data(),
                              c.input(1).data<T>().data(),
                              c.input(2).data<T>().data(),
                              dst.data<T>().data(),
                              scratch);
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"Attention", wide<attention>},
};

}  // namespace

std::span<const Evaluator> attention_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
