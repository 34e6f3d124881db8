// Cars, lorries, buses, trams, motorcycles, bicycles.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/builder.h"

namespace mtmi::scenes {

/// All stand at the builder's placement: the middle of the rear axle's line on the ground is near
/// the origin's z - length / 2; they are centred in x and z and look along +z. `detail` is pixels
/// per metre, `lamps` the Light's.

enum class CarKind { Hatchback, Sedan, Estate, Suv, Van };

[[nodiscard]] CarKind pick_car(Random& random);

/// Returns nothing; the sizes are typical for the kind: 3.7 to 5.2 m long.
void add_car(Builder& builder, Random& random, CarKind kind, float lamps, float detail);

/// A lorry of 6 to 12 m.
void add_truck(Builder& builder, Random& random, float lamps, float detail);

/// A bus of 11 to 13 m.
void add_bus(Builder& builder, Random& random, float lamps, float detail);

/// A tram of 2 to 4 sections.
void add_tram(Builder& builder, Random& random, float lamps, float detail);
/// The length of a tram section [m].
inline constexpr float kTramSection = 8.5F;

/// The machine alone; its rider is add_rider()'s.
void add_motorcycle(Builder& builder, Random& random, float lamps, float detail);
void add_bicycle(Builder& builder, Random& random, float detail);

}  // namespace mtmi::scenes
