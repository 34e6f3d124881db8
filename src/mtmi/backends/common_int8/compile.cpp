#include "mtmi/backends/common_int8/compile.h"

#include <utility>

#include "mtmi/backends/common_host/placements.h"
#include "mtmi/backends/common_int8/lower/lower.h"

namespace mtmi::int8 {

Engine compile(const Graph& graph, const CompileOptions& options, dla::Rounding rounding) {
  Lowered lowered = lower(graph, options, rounding);
  Engine engine;
  engine.precision = options.precision;
  engine.inputs = std::move(lowered.inputs);
  engine.outputs = std::move(lowered.outputs);
  engine.observed = options.observe;
  engine.graph = std::move(lowered.graph);
  host::place_intermediates(engine);
  return engine;
}

}  // namespace mtmi::int8
