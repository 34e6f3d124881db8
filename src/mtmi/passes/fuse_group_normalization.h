// GroupNormalization written out by exporters for opsets that lack it.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A map read as [n, groups, rest], InstanceNormalization, read as the map again, and the factors
/// and shifts per channel behind it become GroupNormalization.
///
/// Why: five nodes for one, and a device that lacks it is to be asked for it by its name.
///
/// Pre: types are known.
[[nodiscard]] Graph fuse_group_normalization(Graph graph);

}  // namespace mtmi::passes
