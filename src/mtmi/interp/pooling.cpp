#include "mtmi/ops/pooling.h"

#include <array>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/spatial_axes.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/pooling_ref.h"

namespace mtmi::interp {
namespace {

std::vector<Tensor> average_pool(const EvaluateContext& c) {
  const ops::PoolGeometry g = ops::pool_geometry(c.node, c.input(0).shape());
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_wide(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::average_pool_ref<T>({.planes = g.planes, .windows = three_windows(g.windows)},
                                 g.count_include_pad,
                                 c.input(0).data<T>().data(),
                                 dst.data<T>().data());
  });
  return {dst};
}

template <class F>
void visit_max_pool(DType dtype, F&& f) {
  if (dtype == DType::Int8) {
    f(std::type_identity<std::int8_t>{});
  } else if (dtype == DType::UInt8) {
    f(std::type_identity<std::uint8_t>{});
  } else {
    visit_wide(dtype, f);
  }
}

std::vector<Tensor> max_pool(const EvaluateContext& c) {
  const ops::PoolGeometry g = ops::pool_geometry(c.node, c.input(0).shape());
  std::vector<Tensor> outputs;
  for (const TensorType& type : c.outputs) {
    outputs.emplace_back(type.dtype, type.shape);
  }
  visit_max_pool(c.outputs[0].dtype, [&]<class T>(std::type_identity<T>) {
    kernels::max_pool_ref<T>({.planes = g.planes, .windows = three_windows(g.windows)},
                             g.column_major,
                             c.input(0).data<T>().data(),
                             outputs[0].data<T>().data(),
                             outputs.size() > 1 ? outputs[1].data<std::int64_t>().data() : nullptr);
  });
  return outputs;
}

constexpr std::array kEvaluators{
    Evaluator{"AveragePool", wide<average_pool>},
    Evaluator{"GlobalAveragePool", wide<average_pool>},
    Evaluator{"GlobalMaxPool", wide<max_pool>},
    Evaluator{"MaxPool", wide<max_pool>},
};

}  // namespace

std::span<const Evaluator> pooling_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
