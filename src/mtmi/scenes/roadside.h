// What stands beside the streets of a scene: buildings, gardens, plants, posts.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/site.h"

namespace mtmi::scenes {

/// Fills both sides of the main street, and of the crossing one if there is a junction.
void fill_roadsides(Builder& builder, Random& random, const Site& site);

}  // namespace mtmi::scenes
