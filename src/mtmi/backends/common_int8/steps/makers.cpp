#include "mtmi/backends/common_int8/steps/makers.h"

#include <array>
#include <string_view>

#include "mtmi/backends/common_host/reference_step.h"
#include "mtmi/backends/common_int8/make_step.h"
#include "mtmi/error.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::int8 {
namespace {

struct StepMaker {
  std::string_view op;
  StepPtr (*make)(const Graph& graph, NodeId id, const Int8Kernels& with);
};

constexpr std::array kMakers{
    StepMaker{"int8.ClampHalf", make_clamp_half_step},
    StepMaker{"int8.Concat", make_concat_step},
    StepMaker{"int8.Conv", make_conv_step},
    StepMaker{"int8.Convert", make_convert_step},
    StepMaker{"int8.Deconv", make_deconv_step},
    StepMaker{"int8.Elementwise", make_elementwise_step},
    StepMaker{"int8.HalfConv", make_half_conv_step},
    StepMaker{"int8.HalfElementwise", make_half_elementwise_step},
    StepMaker{"int8.HalfFunction", make_half_function_step},
    StepMaker{"int8.HalfResize", make_half_resize_step},
    StepMaker{"int8.LookUp", make_look_up_step},
    StepMaker{"int8.Mean", make_mean_step},
    StepMaker{"int8.Move", make_move_step},
    StepMaker{"int8.Pool", make_pool_step},
    StepMaker{"int8.Resize", make_resize_step},
    StepMaker{"int8.Softmax", make_softmax_step},
};

}  // namespace

StepPtr make_step(const Graph& graph, NodeId id, Int8Isa isa) {
  const std::string& op = graph.node(id).op;
  for (const StepMaker& maker : kMakers) {
    if (maker.op == op) {
      return maker.make(graph, id, kernels::int8::int8_kernels(isa));
    }
  }
  if (!can_evaluate(op)) {
    throw Error(ErrorCode::InvalidModel,
                "int8::make_step",
                describe_node(graph, id) + ": this build has no kernel for it");
  }
  return host::make_reference_step(graph, id);
}

}  // namespace mtmi::int8
