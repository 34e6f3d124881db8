// Graph to engine: lowering, memory plan, packed weights.
#pragma once

#include "mtmi/core/cpu_features.h"
#include "mtmi/device/engine_file.h"

namespace mtmi::cpu {

/// The engine but for capability and content hash. Pre: graph.is_static(), all nodes supported.
/// Throws Error(InvalidArgument) for options that name what is not in the graph.
[[nodiscard]] Engine compile(const Graph& graph, Isa isa, const CompileOptions& options);

}  // namespace mtmi::cpu
