// People on foot, and riders.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/builder.h"

namespace mtmi::scenes {

/// Someone who walks or stands at the builder's placement, looking along +z. `detail` is pixels per
/// metre.
void add_person(Builder& builder, Random& random, float detail);

enum class Mount { Bicycle, Motorcycle };

/// The rider of a bicycle or motorcycle at the same placement.
void add_rider(Builder& builder, Random& random, Mount mount, float detail);

}  // namespace mtmi::scenes
