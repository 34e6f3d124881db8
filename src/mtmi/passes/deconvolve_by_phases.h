// Transposed convolutions as convolutions whose results are interleaved.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// ConvTranspose of maps with constant weights and stride s becomes one Conv on the map as it is,
/// with s * s times the channels: output s * j + p takes its taps around position j, and which ones
/// depends on the phase p alone. Reshape and Transpose put the phases side by side; Slice cuts off
/// what is over where the extents are no multiples of s.
///
/// Why: convolutions are what a CPU has fast kernels for, and none of these multiplies by the zeros
/// between elements.
///
/// Pre: types are known.
[[nodiscard]] Graph deconvolve_by_phases(Graph graph);

}  // namespace mtmi::passes
