// Pad nodes into the layer behind them.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A Pad with zeros of spatial axes, read by Conv or AveragePool only, becomes padding of theirs
/// (AveragePool: where that padding then counts in the divisor).
///
/// Why: exporters write padding that is not the same on all sides as a node; the layers have it for
/// nothing.
///
/// Pre: types are known.
[[nodiscard]] Graph fold_padding(Graph graph);

}  // namespace mtmi::passes
