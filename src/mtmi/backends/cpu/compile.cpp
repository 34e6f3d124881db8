#include "mtmi/backends/cpu/compile.h"

#include "mtmi/backends/common_host/placements.h"
#include "mtmi/backends/common_int8/compile.h"
#include "mtmi/backends/cpu/lower/lower.h"

namespace mtmi::cpu {
namespace {

/// Rounds half to even, as ONNX's QuantizeLinear does.
Engine compile_int8(const Graph& graph, const CompileOptions& options) {
  Engine engine = int8::compile(graph, options, dla::Rounding::HalfEven);
  engine.backend = "cpu";
  return engine;
}

}  // namespace

Engine compile(const Graph& graph, Isa isa, const CompileOptions& options) {
  if (options.precision == Precision::Int8) {
    return compile_int8(graph, options);
  }
  Lowered lowered = lower(graph, isa, options);
  Engine engine;
  engine.backend = "cpu";
  engine.precision = options.precision;
  engine.inputs = std::move(lowered.inputs);
  engine.outputs = std::move(lowered.outputs);
  engine.observed = options.observe;
  engine.graph = std::move(lowered.graph);
  host::place_intermediates(engine);
  return engine;
}

}  // namespace mtmi::cpu
