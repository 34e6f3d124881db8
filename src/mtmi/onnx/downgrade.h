// Brings every node of a graph to what an older opset can express: upgrade.h backwards.
#pragma once

#include <cstdint>

#include "mtmi/graph/graph.h"

namespace mtmi::onnx {

/// Rewrites the nodes of `graph` to mean the same in a file of `opset` (13 to 21). The outcome is
/// for the writer alone: nodes may have attributes that no operator of a Graph has.
/// Throws Error(Unsupported | InvalidModel) naming the node.
void downgrade(Graph& graph, std::int64_t opset);

}  // namespace mtmi::onnx
