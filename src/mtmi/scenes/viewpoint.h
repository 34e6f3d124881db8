// Keeps free the place where the camera stands.
#pragma once

#include "mtmi/scenes/geometry.h"

namespace mtmi::scenes {

/// Takes the objects out of `geometry` that `eye` stands in, or that hide most of its view along z
/// from nearby: a street that bends right round brings the houses at its end back to its beginning.
/// What is left keeps its order. Afterwards `geometry` has no objects, only triangles.
void clear_viewpoint(Geometry& geometry, Vec3 eye);

}  // namespace mtmi::scenes
