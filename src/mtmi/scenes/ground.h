// The ground of a scene: carriageways with their markings, kerbs, pavements, land.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/site.h"

namespace mtmi::scenes {

/// Lays the ground of `site`. The markings go to `geometry`, which is the builder's.
void lay_ground(Builder& builder, Geometry& geometry, Random& random, const Site& site);

/// How far the crossings at a junction reach from it [m].
inline constexpr float kCrossingReach = 7.0F;

}  // namespace mtmi::scenes
