// How an engine's inputs and outputs are to lie in memory.
#pragma once

#include "mtmi/device/backend.h"
#include "mtmi/device/layout.h"

namespace mtmi {

/// The input or output `id` of `graph` in the format that `options.io` asks for; else in the
/// graph's own type, linear. Whether the format is possible is the backend's to say.
/// Pre: graph.is_static().
[[nodiscard]] TensorDesc exchanged_tensor(const Graph& graph,
                                          ValueId id,
                                          const CompileOptions& options);

}  // namespace mtmi
