#include "mtmi/backends/cpu/step.h"

#include "mtmi/backends/common_host/reference_step.h"
#include "mtmi/backends/cpu/steps/makers.h"
#include "mtmi/error.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::cpu {

std::unique_ptr<Step> make_step(const Graph& graph, NodeId id, Isa isa) {
  const std::string& op = graph.node(id).op;
  for (const StepMaker& maker : step_makers()) {
    if (maker.op == op) {
      return maker.make(graph, id, isa);
    }
  }
  if (!can_evaluate(op)) {
    throw Error(ErrorCode::InvalidModel,
                "cpu::make_step",
                describe_node(graph, id) + ": this build has no kernel for it");
  }
  return host::make_reference_step(graph, id);
}

}  // namespace mtmi::cpu
