// Cars, lorries, buses, trams, motorcycles, bicycles.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/builder.h"

namespace mtmi::scenes {

// All stand on the ground at the builder's placement, centred in x and z, and look along +z.
// `detail` is pixels per metre, `lamps` the Light's.

enum class CarKind { Hatchback, Sedan, Estate, Suv, Van };

[[nodiscard]] CarKind pick_car(Random& random);

/// A car of the size that is typical of its kind: 3.7 to 5.4 m long.
void add_car(Builder& builder, Random& random, CarKind kind, float lamps, float detail);

/// A lorry of 6.5 to 11.5 m.
void add_truck(Builder& builder, Random& random, float lamps, float detail);

/// A bus of 11 to 13 m.
void add_bus(Builder& builder, Random& random, float lamps, float detail);

/// A tram of 2 to 4 sections.
void add_tram(Builder& builder, Random& random, float lamps, float detail);
/// The length of a tram section [m].
inline constexpr float kTramSection = 8.5F;

/// A motorcycle of 2 m alone; its rider is add_rider()'s.
void add_motorcycle(Builder& builder, Random& random, float lamps, float detail);

/// A bicycle of 1.7 m alone.
void add_bicycle(Builder& builder, Random& random, float detail);

}  // namespace mtmi::scenes
