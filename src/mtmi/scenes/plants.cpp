#include "mtmi/scenes/plants.h"

#include <algorithm>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/material.h"

namespace mtmi::scenes {
namespace {

Part leaves(Random& random, const Foliage& foliage) {
  Vec3 dark = varied(random, foliage.dark, 0.25F);
  Vec3 light = varied(random, foliage.light, 0.25F);
  if (foliage.is_autumn && chance(random, 0.7F)) {
    static constexpr std::array<Vec3, 3> kAutumn = {
        {{0.42F, 0.24F, 0.03F}, {0.36F, 0.12F, 0.02F}, {0.30F, 0.26F, 0.04F}}};
    light = varied(random, pick(random, kAutumn), 0.2F);
    dark = light * 0.45F;
  }
  return {.material = Material::Foliage,
          .label = kVegetation,
          .color = dark,
          .color2 = light,
          .seed = seed_from(random)};
}

Part bark(Random& random) {
  return {.material = Material::Plain,
          .label = kVegetation,
          .color = varied(random, {0.10F, 0.075F, 0.055F}, 0.3F),
          .seed = seed_from(random)};
}

// Evenly spread over the unit sphere: a spiral by the golden angle.
std::array<Vec3, 256> make_directions() {
  std::array<Vec3, 256> directions;
  for (std::size_t i = 0; i < directions.size(); ++i) {
    const float y = 1.0F - (2.0F * static_cast<float>(i) + 1.0F) / 256.0F;
    const float r = std::sqrt(1 - y * y);
    const float angle = 2.39996323F * static_cast<float>(i);
    directions[i] = {r * cosine(angle), y, r * sine(angle)};
  }
  return directions;
}

Vec3 direction(Random& random) {
  static const std::array<Vec3, 256> directions = make_directions();
  return pick(random, directions);
}

// A tuft of leaves around `center`, lit as the surface `outward` that it is part of: a rhombus, or
// from afar (`coarse`) a triangle of the same area.
void add_leaf(
    Builder& builder, Random& random, Vec3 center, Vec3 outward, float size, bool coarse) {
  const Vec3 any = direction(random);
  const float along_size = coarse ? size * 1.15F : size;
  const Vec3 along = normalized(cross(outward, any) + outward * 0.25F) * along_size;
  const Vec3 other = normalized(cross(along, direction(random))) * (size * (coarse ? 1.2F : 0.7F));
  const Vec3 normal = normalized(outward + any * 0.35F);
  const std::uint32_t first = builder.vertex(center - along, normal, {kLeafU, 0});
  if (coarse) {
    builder.vertex(center + other, normal, {kLeafU + 1, 0});
    builder.vertex(center + along, normal, {kLeafU + 1, 1});
    builder.triangle(first, first + 1, first + 2);
    return;
  }
  builder.vertex(center + other, normal, {kLeafU + 1, 0});
  builder.vertex(center + along, normal, {kLeafU + 1, 1});
  builder.vertex(center - other, normal, {kLeafU, 1});
  builder.triangle(first, first + 1, first + 2);
  builder.triangle(first, first + 2, first + 3);
}

// From here on tufts are drawn as triangles [pixels per metre].
constexpr float kCoarseBelow = 45;

struct Blob {
  Vec3 center;
  Vec3 radii;
};

// A cloud of leaves around a core, with the current part. Its u is below kLeafU, which tells the
// material that it lies in the dark between the leaves.
void add_leaf_cloud(Builder& builder, Random& random, const Blob& blob, float detail) {
  const float r = (blob.radii.x + blob.radii.y + blob.radii.z) / 3;
  const float size = clamp(5.0F / detail, 0.13F, 0.62F) * clamp(r, 0.6F, 1.3F);
  builder.ellipsoid(blob.center, blob.radii * 0.78F, 4, 6);
  const int count = std::clamp(static_cast<int>(5.0F * r * r / (size * size)), 16, 560);
  for (int i = 0; i < count; ++i) {
    const Vec3 out = direction(random);
    const float inwards = random.uniform();
    const float depth = 1 - 0.35F * inwards * inwards;
    const float scale = size * random.uniform(0.6F, 1.2F);
    add_leaf(
        builder, random, blob.center + out * blob.radii * depth, out, scale, detail < kCoarseBelow);
  }
}

}  // namespace

Foliage make_foliage(Random& random) {
  Foliage foliage;
  foliage.is_autumn = chance(random, 0.15F);
  foliage.dark = varied(random, {0.030F, 0.060F, 0.016F}, 0.3F);
  foliage.light = varied(random, {0.135F, 0.215F, 0.050F}, 0.35F);
  return foliage;
}

void add_tree(
    Builder& builder, Random& random, const Foliage& foliage, float height, float detail) {
  const float habit = random.uniform();  // round, spreading or tall
  const float trunk = height * random.uniform(0.18F, 0.36F);
  const float thick = height * random.uniform(0.014F, 0.022F);
  const int sides = detail > 25 ? 9 : 5;
  builder.use(bark(random));
  builder.tube({0, -0.3F, 0}, {0, trunk, 0}, thick * 1.25F, thick, sides, false);
  const float crown = height - trunk;
  const float wide = habit < 0.5F ? 0.42F : habit < 0.8F ? 0.55F : 0.26F;
  const float spread = crown * wide * random.uniform(0.85F, 1.15F);
  const int branches = detail > 12 ? 5 : 0;
  for (int i = 0; i < branches; ++i) {
    const Vec3 out = direction(random);
    const Vec3 tip{out.x * spread * 0.6F, trunk + crown * 0.4F, out.z * spread * 0.6F};
    builder.tube({0, trunk * 0.85F, 0}, tip, thick * 0.6F, thick * 0.2F, 4, false);
  }
  builder.use(leaves(random, foliage));
  const int blobs = detail > 6 ? static_cast<int>(random.below(5)) + 6 : 3;
  for (int i = 0; i < blobs; ++i) {
    const Vec3 out = direction(random);
    const float share = i == 0 ? 0.0F : 0.62F;
    const float r = spread * random.uniform(0.45F, 0.68F);
    const Vec3 center{out.x * spread * share,
                      trunk + crown * 0.48F + out.y * crown * 0.46F * share,
                      out.z * spread * share};
    const float tall = std::max(r * 0.85F, crown * 0.20F);
    add_leaf_cloud(builder, random, {center, {r, tall, r}}, detail);
  }
}

void add_conifer(
    Builder& builder, Random& random, const Foliage& foliage, float height, float detail) {
  builder.use(bark(random));
  builder.tube({0, -0.3F, 0}, {0, height * 0.9F, 0}, height * 0.018F, 0.03F, 5, false);
  Part part = leaves(random, {foliage.dark * 0.8F, foliage.light * 0.55F, false});
  part.color = part.color * Vec3{0.8F, 1.0F, 1.1F};
  builder.use(part);
  const float width = height * random.uniform(0.16F, 0.24F);
  const float size = clamp(5.0F / detail, 0.16F, 0.6F);
  const int count = std::clamp(static_cast<int>(height * width * 5 / (size * size)), 60, 900);
  for (int i = 0; i < count; ++i) {
    const float share = 1 - std::sqrt(random.uniform());  // more below
    const float angle = random.uniform(0.0F, 2 * kPi);
    const float tier = 1 - 0.35F * fraction(share * 9.0F);
    const float r = width * (1 - share) * tier * random.uniform(0.55F, 1.0F);
    const Vec3 out = normalized(Vec3{cosine(angle), 0.35F, sine(angle)});
    const Vec3 center{out.x * r, height * (0.10F + 0.90F * share), out.z * r};
    add_leaf(builder, random, center, out, size, detail < kCoarseBelow);
  }
}

void add_bush(Builder& builder, Random& random, const Foliage& foliage, float size, float detail) {
  builder.use(leaves(random, foliage));
  const int blobs = detail > 10 ? 3 : 1;
  for (int i = 0; i < blobs; ++i) {
    const Vec3 out = direction(random);
    const float r = size * random.uniform(0.4F, 0.6F);
    const Vec3 center{out.x * size * 0.35F, r * 0.75F, out.z * size * 0.35F};
    add_leaf_cloud(builder, random, {center, {r, r * 0.85F, r}}, detail);
  }
}

void add_hedge(Builder& builder, Random& random, const Foliage& foliage, Vec3 size, float detail) {
  Part part = leaves(random, foliage);
  part.color2 = lerp(part.color, part.color2, 0.6F);
  builder.use(part);
  const Vec3 inner{size.x * 0.92F, size.y * 0.97F, size.z};
  builder.box({{0, inner.y / 2, size.z / 2}, inner});
  const float leaf = clamp(3.0F / detail, 0.09F, 0.35F);
  const float area = size.z * (2 * size.y + size.x);
  const int count = std::min(1600, static_cast<int>(1.3F * area / (leaf * leaf)));
  for (int i = 0; i < count; ++i) {
    const float z = random.uniform(0.0F, size.z);
    const float around = random.uniform(0.0F, 2 * size.y + size.x);
    const bool top = around > 2 * size.y;
    const float side = around > size.y ? 1.0F : -1.0F;
    const Vec3 out = top ? Vec3{0, 1, 0} : Vec3{side, 0, 0};
    const Vec3 at{top ? around - 2 * size.y - size.x / 2 : side * size.x / 2,
                  top ? size.y : around - (side > 0 ? size.y : 0.0F),
                  z};
    add_leaf(builder, random, at, out, leaf, detail < kCoarseBelow);
  }
}

}  // namespace mtmi::scenes
