// Transposed convolutions in the one form that a DLA has, and blocks moved by convolutions.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// ConvTranspose with constant weights becomes one without pads, output padding, dilation and
/// groups: Slice cuts off what the pads did; output padding beyond them is zeros at the end of the
/// kernel; so are the gaps of a dilated kernel; groups are blocks on the diagonal of weights
/// without groups, of at most 16 MiB.
///
/// DepthToSpace becomes a ConvTranspose, SpaceToDepth a Conv, whose kernel and stride are the block
/// and whose weights are zeros and ones.
///
/// Only where a DLA then takes the graph better (cure_refusals.h).
///
/// Pre: types are known.
[[nodiscard]] Graph plain_deconvolutions(Graph graph);

}  // namespace mtmi::passes
