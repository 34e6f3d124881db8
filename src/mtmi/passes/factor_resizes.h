// Enlargements in the spelling and by the factors that a DLA has.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// A Resize by whole factors that gives every output the taps of half_pixel (linear, or nearest:
/// a repetition) is written so, whatever its coordinates and roundings are called; one that repeats
/// by more than 32 becomes a chain. A map of one position has no neighbours to mix: enlarging it
/// linearly is a repetition. Only where a DLA then takes the graph better (cure_refusals.h).
///
/// Pre: types are known.
[[nodiscard]] Graph factor_resizes(Graph graph);

}  // namespace mtmi::passes
