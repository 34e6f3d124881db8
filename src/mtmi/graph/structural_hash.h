// Whether two graphs are the same up to names.
#pragma once

#include <string>
#include <string_view>

#include "mtmi/graph/graph.h"

namespace mtmi {

/// Whether the operator gives the same for its inputs in any order: Add, Mul, Max, ...
[[nodiscard]] bool is_commutative(std::string_view op) noexcept;

/// A digest (32 hexadecimal digits) of what the outputs compute from the inputs: equal for graphs
/// that differ in names, in the order of nodes, in the order of inputs of commutative operators, in
/// what is computed twice and in what nobody reads. Constants count by type and bits, graph inputs
/// by position and type.
[[nodiscard]] std::string structural_hash(const Graph& graph);

}  // namespace mtmi
