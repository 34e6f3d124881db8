// 1x1 convolutions, and the resizes they may change places with. Private to passes/.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Whether `id` is a Conv that treats every position by itself: kernel 1, stride 1, no padding, one
/// group, constant float32 weights and bias.
[[nodiscard]] bool is_pointwise(const Graph& graph, NodeId id);

/// Whether `id` is a Resize of spatial axes only whose results are averages of its inputs with
/// weights that sum to one. Any linear map of the channels and any bias then gives the same before
/// it as behind it.
[[nodiscard]] bool is_spatial_average(const Graph& graph, NodeId id);

}  // namespace mtmi::passes
