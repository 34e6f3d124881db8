// Whether two graphs compute the same. Private to the tests of passes/.
#pragma once

#include "mtmi/graph/graph.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::passes {

/// Seeded random tensors for the inputs of `graph`.
[[nodiscard]] TensorMap random_inputs(const Graph& graph);

/// Fails the test where the outputs differ. Rewrites move roundings about: float results agree to
/// 1e-4 of the largest magnitude, all others to the bit.
void expect_equal_outputs(const TensorMap& expected, const TensorMap& got);

}  // namespace mtmi::passes
