// Means, sums and maxima over a map as the poolings and convolutions that a DLA has.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// GlobalAveragePool, GlobalMaxPool, ReduceMean, ReduceSum and ReduceMax of a map [n, c, h, w]
/// over height, width or both become chains of AveragePool or MaxPool with windows of at most 8
/// that lie side by side; where an extent has a larger prime factor, a last depthwise Conv of equal
/// weights, of at most 32, averages the rest. Over the channels, a mean or a sum is a 1x1 Conv of
/// equal weights. Reduced axes that are not kept are taken away by a Reshape behind.
///
/// Only where a DLA then takes the graph better (cure_refusals.h).
///
/// Pre: types are known.
[[nodiscard]] Graph pool_reductions(Graph graph);

}  // namespace mtmi::passes
