// One node, one constant for what is computed or stored twice.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Merges constants of equal bits and nodes of the same operator, attributes and inputs (in either
/// order where the operator does not care).
///
/// Why: exporters write a constant per use and repeat the shape arithmetic of every layer; patterns
/// and structural equality want one value to be one value.
[[nodiscard]] Graph merge_duplicates(Graph graph);

}  // namespace mtmi::passes
