#include "mtmi/backends/cpu/compile.h"

#include "mtmi/backends/common_host/placements.h"
#include "mtmi/backends/cpu/lower/lower.h"

namespace mtmi::cpu {
Engine compile(const Graph& graph, Isa isa, const CompileOptions& options) {
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
