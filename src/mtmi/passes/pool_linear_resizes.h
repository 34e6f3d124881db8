// Linear enlargements by more than 4, exactly, as a DLA can compute them.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Linear Resize (half_pixel) by whole factors of which one is 5 to 8 becomes a repetition (nearest
/// Resize) and averages over windows of the factor r that slide by one: a triangle is a box over a
/// box. Averages leave out the padding, which is what a linear resize does at borders. For even r
/// the averages stand between the outputs; a last average of two neighbours meets them.
///
///   even r:  pads r / 2, windows r x r, then windows 2 x 2
///   odd r:   pads (r - 1) / 2, windows r x r
///
/// Only where a DLA then takes the graph better (cure_refusals.h).
///
/// Pre: types are known.
[[nodiscard]] Graph pool_linear_resizes(Graph graph);

/// Linear Resize (half_pixel) by a factor over 4 becomes a chain by factors of at most 4, the large
/// ones first. This is not the same, but near: x8 as x4 and x2 differs by 7 % of the deviation of
/// white noise, less on smooth maps, and the pooled form moves 64 times the elements.
///
/// Only where a DLA then takes the graph better (cure_refusals.h).
///
/// Pre: types are known.
[[nodiscard]] Graph chain_linear_resizes(Graph graph);

}  // namespace mtmi::passes
