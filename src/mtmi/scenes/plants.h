// Trees, hedges, bushes.
#pragma once

#include "mtmi/core/random.h"
#include "mtmi/scenes/builder.h"

namespace mtmi::scenes {

/// The greens (or, in autumn, the yellows and reds) of one scene's plants.
struct Foliage {
  Vec3 dark;
  Vec3 light;
  bool is_autumn = false;
};

[[nodiscard]] Foliage make_foliage(Random& random);

/// `detail` is pixels per metre at the plant's distance: it sets the number of leaves.
/// The plants stand at the builder's placement.
void add_tree(Builder& builder, Random& random, const Foliage& foliage, float height, float detail);
void add_conifer(
    Builder& builder, Random& random, const Foliage& foliage, float height, float detail);
void add_bush(Builder& builder, Random& random, const Foliage& foliage, float size, float detail);
/// A hedge along local z from 0 to `length`.
void add_hedge(Builder& builder, Random& random, const Foliage& foliage, Vec3 size, float detail);

}  // namespace mtmi::scenes
