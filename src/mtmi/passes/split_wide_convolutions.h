// Convolutions that fill the convolution buffer of a DLA, in parts that do not.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A Conv whose source rows are too many for the convolution buffer becomes a sum of convolutions
/// over groups of its input channels, as few as there must be: over parts of the Concat that makes
/// them, where there is one, else over Slices. The bias goes into the first.
///
/// Why: the fusing layer of a SegFormer head is refused from maps 512 wide on. (That a 1x1
/// convolution may change places with the resizes behind the Concat would cure it too, for three
/// passes over the largest map instead of one.)
///
/// Only where a DLA then takes the graph better (cure_refusals.h).
///
/// Pre: types are known.
[[nodiscard]] Graph split_wide_convolutions(Graph graph);

}  // namespace mtmi::passes
