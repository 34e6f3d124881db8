#include "mtmi/backends/cpu/lower/lower.h"

#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/core/assert.h"
#include "mtmi/device/exchanged_tensor.h"
#include "mtmi/error.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::cpu {
namespace {

void check_names(const Graph& graph, const CompileOptions& options) {
  const auto refuse = [](const std::string& message) {
    throw Error(ErrorCode::InvalidArgument, "cpu::lower", message);
  };
  for (const auto& [name, io] : options.io) {
    const auto id = graph.find_value(name);
    if (!id || !(graph.is_input(*id) || graph.is_output(*id))) {
      refuse("a format is asked for '" + name + "', which is no input or output");
    }
  }
  for (const std::string& name : options.observe) {
    const auto id = graph.find_value(name);
    if (!id || graph.is_constant(*id)) {
      refuse("'" + name + "' is to be observed, but the graph has no such intermediate");
    }
  }
}

std::vector<TensorDesc> descs_of(const Graph& graph,
                                 std::span<const ValueId> ids,
                                 const CompileOptions& options) {
  std::vector<TensorDesc> descs;
  for (const ValueId id : ids) {
    descs.push_back(exchanged_tensor(graph, id, options));
  }
  return descs;
}

/// What the user wants to observe is an output until the last pass: nothing removes or changes it.
void keep_observed(Graph& graph, const CompileOptions& options) {
  for (const std::string& name : options.observe) {
    graph.add_output(*graph.find_value(name));
  }
}

}  // namespace

bool can_lower(std::string_view op) {
  return is_view(op) || has_lowering(op) || can_evaluate(op);
}

Lowered lower(const Graph& graph, Isa isa, const CompileOptions& options) {
  check_names(graph, options);
  Lowered lowered{.graph = graph,
                  .inputs = descs_of(graph, graph.inputs(), options),
                  .outputs = descs_of(graph, graph.outputs(), options)};
  Graph& g = lowered.graph;
  convert_inputs(g, lowered.inputs);
  convert_outputs(g, lowered.outputs, options.io);
  keep_observed(g, options);
  fold_quantized_constants(g);
  lower_views(g);
  lower_nodes(g);
  select_depthwise(g);
  if (options.precision == Precision::BFloat16) {
    round_products(g);
  }
  if (options.optimize) {
    // A transpose that has sunk meets others; a chain that has gone lets the next one sink.
    for (int round = 0; round < 3; ++round) {
      cancel_transposes(g);
      sink_transposes(g);
    }
    cancel_transposes(g);
  }
  if (options.observe_any_order) {
    skip_transposes_to_outputs(g, lowered.outputs.size());
  }
  if (options.optimize) {
    drop_repeated_pairs(g);
    fuse_epilogues(g);
    fuse_labels(g);
    fuse_concats(g);
  }
  select_kernels(g, isa, options.optimize);
  std::vector<ValueId> outputs(g.outputs().begin(), g.outputs().end());
  outputs.resize(lowered.outputs.size());
  separate_outputs(g, outputs);
  MTMI_ASSERT(!find_defect(g));
  return lowered;
}

}  // namespace mtmi::cpu
