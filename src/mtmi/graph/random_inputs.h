// Seeded random tensors for the inputs of a graph: what every check of a rewrite runs on.
#pragma once

#include <cstdint>

#include "mtmi/core/tensor_map.h"
#include "mtmi/graph/graph.h"

namespace mtmi {

/// random_tensor() for every input by name, with seeds `seed`, `seed` + 1, ... in their order.
/// Throws Error(InvalidModel) for an input whose shape is not known, Error(OutOfMemory).
[[nodiscard]] TensorMap random_inputs(const Graph& graph, std::uint64_t seed);

}  // namespace mtmi
