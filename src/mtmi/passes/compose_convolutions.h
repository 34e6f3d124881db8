// Two convolutions with nothing between them as one.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A Conv without groups, read only by a Conv 1x1, becomes one Conv with the product of the weights
/// and W2 b1 + b2 for a bias. Only where that is less work: 256 channels between 32 and 256 pay, a
/// bottleneck does not (cost.h).
///
/// Why: what split_concat_convolution leaves behind is a projection of each level followed by its
/// slice of the fusing layer.
///
/// Pre: types are known.
[[nodiscard]] Graph compose_convolutions(Graph graph);

}  // namespace mtmi::passes
