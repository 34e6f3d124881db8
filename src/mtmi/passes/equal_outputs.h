// Whether two graphs compute the same. Private to the tests of passes/.
#pragma once

#include "mtmi/graph/random_inputs.h"  // what the outputs are computed from
#include "mtmi/interp/interpreter.h"

namespace mtmi::passes {

/// Fails the test where the outputs differ. Rewrites move roundings about: float results agree to
/// 1e-4 of the largest magnitude, all others to the bit.
void expect_equal_outputs(const TensorMap& expected, const TensorMap& got);

}  // namespace mtmi::passes
