#include <algorithm>
#include <array>
#include <string>

#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/grid_sample_ref.h"

namespace mtmi::interp {
namespace {

using kernels::SampleMode;
using kernels::SamplePadding;

kernels::SampleRule rule_of(const Attributes& attributes) {
  const std::string mode = attributes.get_string("mode", "linear");
  const std::string padding = attributes.get_string("padding_mode", "zeros");
  return {.mode = mode == "nearest" ? SampleMode::Nearest
                  : mode == "cubic" ? SampleMode::Cubic
                                    : SampleMode::Linear,
          .padding = padding == "border"       ? SamplePadding::Border
                     : padding == "reflection" ? SamplePadding::Reflection
                                               : SamplePadding::Zeros,
          .align_corners = attributes.get_int("align_corners", 0) != 0};
}

std::vector<Tensor> grid_sample(const EvaluateContext& c) {
  const Shape& src = c.input(0).shape();
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  kernels::SampleProblem problem{.n = src[0],
                                 .c = src[1],
                                 .points = dst.num_elements() / (src[0] * src[1]),
                                 .spatial_rank = src.rank() - 2};
  std::copy(
      src.extents().begin() + 2, src.extents().end(), problem.in.end() - problem.spatial_rank);
  visit_any(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::grid_sample_ref(rule_of(c.node.attributes),
                             problem,
                             c.input(0).data<T>().data(),
                             to_doubles(c.input(1)),
                             dst.data<T>().data());
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"GridSample", grid_sample},
};

}  // namespace

std::span<const Evaluator> grid_sample_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
