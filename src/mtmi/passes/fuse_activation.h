// HardSwish and Mish written out in elementary operators.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// x * HardSigmoid(x; 1/6, 1/2) and x * Clip(x + 3, 0, 6) / 6 become HardSwish;
/// x * Tanh(Softplus(x)) becomes Mish. (x * Sigmoid(x) has no operator up to opset 21.)
///
/// Why: exporters for old opsets write them out; devices have one kernel.
///
/// Pre: types are known.
[[nodiscard]] Graph fuse_activation(Graph graph);

}  // namespace mtmi::passes
