// The passes that lower() runs, in its order. Private to lower/.
#pragma once

#include <string_view>

#include "mtmi/graph/graph.h"

namespace mtmi::cpu {

/// Whether the operator of ONNX changes a shape and no element.
[[nodiscard]] bool is_view(std::string_view op);

/// Makes every such node a cpu.View.
void lower_views(Graph& graph);

/// Gives every graph output storage of its own: cpu.Copy where it shares that of an input, a
/// constant or another output.
void separate_outputs(Graph& graph);

}  // namespace mtmi::cpu
