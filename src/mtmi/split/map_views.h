// Features as maps [n, c, h, w] rather than as rows of tokens, where the network has both.
#pragma once

#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::split {

/// Replaces values of `cut` that have another rank than 4 by a rank-4 view of the same elements
/// where some head makes one by Reshape and Transpose; what else reads the old value behind the cut
/// gets it back from the map by the inverse views, called "<old>/from_map". Accelerators take maps.
/// Exact: only views are added. Returns the new cut, in the order of the old one.
[[nodiscard]] std::vector<ValueId> prefer_maps(Graph& graph, std::vector<ValueId> cut);

}  // namespace mtmi::split
