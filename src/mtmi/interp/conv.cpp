#include "mtmi/ops/conv.h"

#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/spatial_axes.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/conv_ref.h"

namespace mtmi::interp {
namespace {

kernels::ConvProblem problem_of(const ops::ConvGeometry& geometry) {
  return {.n = geometry.n,
          .groups = geometry.groups,
          .ic = geometry.ic,
          .oc = geometry.oc,
          .windows = three_windows(geometry.windows)};
}

std::vector<Tensor> conv(const EvaluateContext& c) {
  const kernels::ConvProblem problem =
      problem_of(ops::conv_geometry(c.node.attributes, c.input(0).shape(), c.input(1).shape()));
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_wide(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::conv_ref(problem,
                      c.input(0).data<T>().data(),
                      c.input(1).data<T>().data(),
                      c.has_input(2) ? c.input(2).data<T>().data() : nullptr,
                      dst.data<T>().data());
  });
  return {dst};
}

std::vector<Tensor> conv_transpose(const EvaluateContext& c) {
  const ops::ConvTransposeGeometry g =
      ops::conv_transpose_geometry(c.node.attributes, c.input(0).shape(), c.input(1).shape());
  const kernels::ConvProblem problem{
      .n = g.n, .groups = g.groups, .ic = g.ic, .oc = g.oc, .windows = three_windows(g.windows)};
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  Tensor accumulator(DType::Float64, Shape{problem.src_plane()});
  visit_wide(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::conv_transpose_ref(problem,
                                c.input(0).data<T>().data(),
                                c.input(1).data<T>().data(),
                                c.has_input(2) ? c.input(2).data<T>().data() : nullptr,
                                dst.data<T>().data(),
                                accumulator.data<double>().data());
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"Conv", wide<conv>},
    Evaluator{"ConvTranspose", wide<conv_transpose>},
};

}  // namespace

std::span<const Evaluator> conv_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
