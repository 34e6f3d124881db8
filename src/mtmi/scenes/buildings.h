// Town houses, detached houses, halls.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/builder.h"

namespace mtmi::scenes {

enum class RoofKind { Flat, GableAlong, GableAcross, Hip };

/// A building over the local rectangle x 0..size.x (its front, seen from -z), z 0..size.z, with
/// walls of height size.y.
struct BuildingPlan {
  Vec3 size;
  RoofKind roof = RoofKind::Flat;
  std::uint8_t style = 0;  ///< of the facade
  bool has_extras = true;  ///< chimneys, balconies, awnings
};

/// Adds the building at the builder's placement.
void add_building(Builder& builder, Random& random, const BuildingPlan& plan, float detail);

}  // namespace mtmi::scenes
