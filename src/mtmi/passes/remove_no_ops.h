// Takes out nodes whose result is one of their inputs.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Removes Identity, Dropout, Cast to the same type, reshapes to the same shape, Transpose in
/// order, Resize by 1, adding 0, multiplying or dividing by 1, Concat or Sum of one, Slice of
/// everything, Pad by nothing, reductions over extent 1; and Casts that only widen in front of
/// another Cast.
///
/// Why: exporters write them for what a module did nothing with, and they hide patterns.
/// (x + 0 turns -0 into +0; that difference is given up.)
///
/// Pre: types are known.
[[nodiscard]] Graph remove_no_ops(Graph graph);

}  // namespace mtmi::passes
