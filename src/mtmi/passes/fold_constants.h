// Computes what does not depend on the inputs of the graph.
#pragma once

#include <cstddef>

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// How much larger than its inputs together a folded node's outputs may be [bytes]. What would grow
/// more stays a node: a file of a few bytes must not become one of gigabytes.
inline constexpr std::size_t kMaxConstantGrowth = std::size_t{16} << 20;

/// Turns the outputs of nodes all of whose inputs are constants into constants, and Shape and Size
/// of values of known shape; sets the types of all others. The reference kernels do it, so a
/// constant has the same bits on every machine.
///
/// Why: exporters write shape arithmetic, transposed weights and casts as nodes; nothing later may
/// have to look through them. QuantizeLinear and DequantizeLinear stay: they are the scales.
///
/// Pre: the shapes of the inputs are known. Throws what ops::infer_types() throws.
[[nodiscard]] Graph fold_constants(Graph graph);

}  // namespace mtmi::passes
