// Operators that move data and compute nothing.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::split {

/// Whether `node` only moves, copies or converts elements: cheap enough to stand in several parts.
[[nodiscard]] bool only_moves_data(const Node& node);

}  // namespace mtmi::split
