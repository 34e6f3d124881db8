// Who is under way in a scene: vehicles, riders, people on foot.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/site.h"

namespace mtmi::scenes {

/// Fills lanes, parking lanes, tracks and pavements. Nothing stands within a few metres ahead of
/// the camera in its own lane `own_lane_t`.
void add_traffic(Builder& builder, Random& random, const Site& site, float own_lane_t);

}  // namespace mtmi::scenes
