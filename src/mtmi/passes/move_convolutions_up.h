// 1x1 convolutions in front of the resizes they follow.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Conv 1x1 of an enlarged map becomes the enlarged Conv 1x1 of the map. A resize of the spatial
/// axes is linear and acts on every channel alike, and its weights sum to one, at borders too: so
/// the convolution gives the same before it, bias included. Only where that is less work (cost.h).
///
/// Why: fewer positions to multiply at.
///
/// Pre: types are known.
[[nodiscard]] Graph move_convolutions_up(Graph graph);

}  // namespace mtmi::passes
