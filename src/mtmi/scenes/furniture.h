// What stands beside a street: lamps, lights, signs, fences, walls, rails, bins.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/builder.h"

namespace mtmi::scenes {

/// All stand at the builder's placement and face -z, towards who comes along +z. `detail` is pixels
/// per metre.

/// A lamp post with its arm along local x towards `reach` [m].
void add_street_lamp(Builder& builder, Random& random, float reach, float lamps, float detail);

enum class Signal { Red, Amber, Green };

/// On a post beside the street, and with `reach` != 0 also on an arm above it.
void add_traffic_light(Builder& builder, Signal signal, float reach, float detail);

/// One or two plates on a post.
void add_traffic_sign(Builder& builder, Random& random, float detail);

/// Along local z from 0 to `length` [m].
void add_fence(Builder& builder, Random& random, float length, float detail);
void add_wall(Builder& builder, Random& random, float length, float height);
void add_guard_rail(Builder& builder, float length);

void add_bollard(Builder& builder, float detail);
/// A bin or a cabinet: street furniture without a class.
void add_bin(Builder& builder, Random& random);

}  // namespace mtmi::scenes
