// Tokens carried as maps.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A region of nodes that treat every row by itself - linear layers, activations, sums of the
/// tokens [n, h * w, c] of a map, or of its means [n, c] - is computed on maps [n, c, h, w]: linear
/// layers become 1x1 Conv, the last axis the channels. What brought maps to rows in front of the
/// region and back behind it meets its reverse, and vanishes. Where a region has no map on either
/// side, the rows become height.
///
/// Why: a DLA computes with four axes only, channels second. Only where a DLA then takes the graph
/// better (cure_refusals.h).
///
/// Pre: types are known.
[[nodiscard]] Graph carry_rows_as_maps(Graph graph);

}  // namespace mtmi::passes
