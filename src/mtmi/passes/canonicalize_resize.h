// One way to write a Resize.
#pragma once

#include "mtmi/graph/graph.h"

namespace mtmi::passes {

/// Resize by sizes becomes Resize by scales where out / in is a float32 exactly (so that every
/// coordinate stays the same); axes that are left out are written; coordinate modes that come to
/// half_pixel here are called so; attributes that have no effect in the node's mode are dropped.
///
/// Why: exporters write sizes computed from shapes, devices want scales.
///
/// Pre: types are known.
[[nodiscard]] Graph canonicalize_resize(Graph graph);

}  // namespace mtmi::passes
