// Arithmetic that a DLA lacks in terms of what it has.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Neg and division by a constant become Mul; Pow of 2 and 3 products; Mean a Sum and Mul; Min
/// -Max of the negatives. Only where a DLA then takes the graph better (cure_refusals.h).
///
/// Pre: types are known.
[[nodiscard]] Graph spell_out_arithmetic(Graph graph);

}  // namespace mtmi::passes
