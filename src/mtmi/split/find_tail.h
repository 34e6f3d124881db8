// Where a head ends and its tail begins.
#pragma once

#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::split {

/// The value that the tail of `result` starts from; `result` itself where there is no tail.
///
/// With `named` values: the one that `result` is computed from in a line, if any. Otherwise found:
/// back from `result` along nodes that read one computed value, through ArgMax, ArgMin, TopK, Cast,
/// sums and products with a single number, and views between these. Never goes behind a value of
/// `cut`, one that another node reads too, or another output.
[[nodiscard]] ValueId tail_start(const Graph& graph,
                                 ValueId result,
                                 const std::vector<ValueId>& named,
                                 const std::vector<ValueId>& cut);

}  // namespace mtmi::split
