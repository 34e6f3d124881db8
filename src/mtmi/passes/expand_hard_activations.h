// HardSwish, HardSigmoid and Clip in the clipped form that a DLA has.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// HardSigmoid(x) becomes Clip(x * alpha + beta, 0, 1); HardSwish(x) that of 1/6 and 1/2, times x.
/// Clip between other bounds than 0 and 1 to 127 is moved and scaled, by a power of two, into such
/// bounds and back; Clip with one bound becomes Relu in the same way. Only where a DLA then takes
/// the graph better (cure_refusals.h).
///
/// Why: a DLA's clipped activation starts at 0, and it has no other piecewise linear one.
/// (Clip(x + 3, 0, 6) would say the same, but that is what fuse_activation makes HardSwish of.)
///
/// Pre: types are known.
[[nodiscard]] Graph expand_hard_activations(Graph graph);

}  // namespace mtmi::passes
