// GELU written out in elementary operators.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// x * 0.5 * (1 + erf(x / sqrt(2))), its factors in any order, becomes Gelu; and
/// x * 0.5 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) becomes Gelu {approximate = "tanh"}.
///
/// Why: opset 19 and older have no Gelu; devices have one kernel, which reads the map once.
///
/// Pre: types are known.
[[nodiscard]] Graph fuse_gelu(Graph graph);

}  // namespace mtmi::passes
