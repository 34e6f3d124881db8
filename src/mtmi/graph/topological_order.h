// Nodes in an order in which they can be computed.
#pragma once

#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi {

/// The nodes of `graph`, each behind the producers of its inputs, as near to graph.order() as that
/// allows. The graph's own order need not be one.
/// Throws Error(InvalidModel) naming a node on a cycle.
[[nodiscard]] std::vector<NodeId> topological_order(const Graph& graph);

}  // namespace mtmi
