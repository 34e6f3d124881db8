#include "mtmi/scenes/buildings.h"

#include <algorithm>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/material.h"

namespace mtmi::scenes {
namespace {

constexpr std::array<Vec3, 12> kPlaster = {{{0.62F, 0.56F, 0.44F},
                                            {0.66F, 0.62F, 0.55F},
                                            {0.55F, 0.42F, 0.26F},
                                            {0.50F, 0.50F, 0.50F},
                                            {0.70F, 0.69F, 0.66F},
                                            {0.52F, 0.32F, 0.22F},
                                            {0.42F, 0.45F, 0.48F},
                                            {0.60F, 0.52F, 0.48F},
                                            {0.35F, 0.33F, 0.30F},
                                            {0.48F, 0.52F, 0.46F},
                                            {0.62F, 0.48F, 0.42F},
                                            {0.56F, 0.58F, 0.62F}}};
constexpr std::array<Vec3, 4> kBrick = {
    {{0.30F, 0.12F, 0.075F}, {0.34F, 0.18F, 0.11F}, {0.24F, 0.13F, 0.10F}, {0.40F, 0.30F, 0.20F}}};
constexpr std::array<Vec3, 4> kTiles = {
    {{0.26F, 0.09F, 0.05F}, {0.12F, 0.11F, 0.11F}, {0.20F, 0.12F, 0.09F}, {0.08F, 0.085F, 0.10F}}};

// Five facades share a look; each wall needs its own width.
Part facade(const Part& look, float width) {
  Part part = look;
  part.size[2] = width;
  // Whole bays only.
  const float bays = std::max(1.0F, static_cast<float>(floor_int(width / look.size[1] + 0.3F)));
  part.size[1] = width / bays;
  return part;
}

Part facade_look(Random& random, const BuildingPlan& plan) {
  Part look{.material = Material::Facade, .label = kBuilding, .style = plan.style};
  look.color = plan.style == 1 ? varied(random, pick(random, kBrick), 0.2F)
                               : varied(random, pick(random, kPlaster), 0.2F);
  look.color2 = chance(random, 0.5F) ? Vec3{0.62F, 0.60F, 0.56F} : look.color * 0.6F;
  const float storey = random.uniform(2.8F, 3.6F);
  const float storeys = std::max(1.0F, static_cast<float>(floor_int(plan.size.y / storey + 0.3F)));
  look.size = {plan.size.y / storeys, random.uniform(2.0F, 3.6F), 0, plan.size.y};
  look.seed = seed_from(random);
  return look;
}

void add_walls(Builder& builder, const Part& look, Vec3 size) {
  const auto wall = [&](Vec3 from, Vec3 to) {
    const float width = length(to - from);
    builder.use(facade(look, width));
    // A little below the ground, for streets on a slope.
    const Vec3 down{0, -1.0F, 0};
    const Vec3 up{0, size.y, 0};
    builder.quad(from + down, to + down, to + up, from + up, {0, -1.0F}, {width, size.y + 1.0F});
  };
  wall({0, 0, 0}, {size.x, 0, 0});
  wall({size.x, 0, 0}, {size.x, 0, size.z});
  wall({size.x, 0, size.z}, {0, 0, size.z});
  wall({0, 0, size.z}, {0, 0, 0});
}

void add_flat_roof(Builder& builder, Random& random, Vec3 size, Vec3 color) {
  builder.use({.material = Material::Plain, .label = kBuilding, .color = color * 0.5F});
  builder.quad({0, size.y - 0.3F, 0},
               {size.x, size.y - 0.3F, 0},
               {size.x, size.y - 0.3F, size.z},
               {0, size.y - 0.3F, size.z});
  builder.use({.material = Material::Plain, .label = kBuilding, .color = color * 0.8F});
  builder.box({{size.x / 2, size.y, 0.0F}, {size.x + 0.3F, 0.3F, 0.35F}});
  if (chance(random, 0.5F)) {
    const float w = random.uniform(2.0F, 4.0F);
    builder.box(
        {{size.x * random.uniform(0.3F, 0.7F), size.y + 1.2F, size.z * 0.5F}, {w, 2.4F, w}});
  }
}

// Ridge along local x over a rectangle that starts at z0 and is `depth` deep.
void add_gable(
    Builder& builder, const Part& tiles, const Part& look, Vec3 size, float rise, bool hip) {
  const float over = 0.35F;
  const float in = hip ? std::min(size.x * 0.4F, size.z * 0.5F) : 0.0F;
  const float middle = size.z / 2;
  const Vec3 ridge0{in - (hip ? 0 : over), size.y + rise, middle};
  const Vec3 ridge1{size.x - in + (hip ? 0 : over), size.y + rise, middle};
  const float eaves = size.y - rise * over / middle;
  const Vec3 a{-over, eaves, -over};
  const Vec3 b{size.x + over, eaves, -over};
  const Vec3 c{size.x + over, eaves, size.z + over};
  const Vec3 d{-over, eaves, size.z + over};
  const float slant = std::sqrt(rise * rise + middle * middle);
  builder.use(tiles);
  builder.quad(a, b, ridge1, ridge0, {}, {size.x, slant});
  builder.quad(c, d, ridge0, ridge1, {}, {size.x, slant});
  Part end = look;
  if (hip) {
    end = tiles;
  } else {
    end.material = Material::Plain;
    end.color = look.color;
  }
  builder.use(end);
  const float back = hip ? 0.0F : over;
  const Vec3 e0 = ridge0 + Vec3{back, -0.02F, 0};
  const Vec3 e1 = ridge1 - Vec3{back, 0.02F, 0};
  const float inset = hip ? over : 0.0F;
  const auto corner = [&](float x, float z) { return Vec3{x, hip ? eaves : size.y, z}; };
  builder.quad(corner(-inset, size.z + inset), corner(-inset, -inset), e0, e0, {}, {size.z, rise});
  builder.quad(corner(size.x + inset, -inset),
               corner(size.x + inset, size.z + inset),
               e1,
               e1,
               {},
               {size.z, rise});
}

void add_roof(Builder& builder, Random& random, const BuildingPlan& plan, const Part& look) {
  const Vec3 size = plan.size;
  if (plan.roof == RoofKind::Flat) {
    add_flat_roof(builder, random, size, look.color);
    return;
  }
  const Part tiles{.material = Material::RoofTiles,
                   .label = kBuilding,
                   .color = varied(random, pick(random, kTiles), 0.25F),
                   .size = {0.35F},
                   .seed = seed_from(random)};
  const float pitch = random.uniform(0.55F, 0.95F);
  if (plan.roof == RoofKind::GableAcross) {
    // The same roof turned by a quarter: the gable faces the street.
    const Placement old = builder.placement();
    builder.place(old.at({0, 0, size.z}, kPi / 2));
    add_gable(builder, tiles, look, {size.z, size.y, size.x}, size.x * 0.5F * pitch, false);
    builder.place(old);
  } else {
    const bool hip = plan.roof == RoofKind::Hip;
    add_gable(builder, tiles, look, size, size.z * 0.5F * pitch, hip);
  }
  if (plan.has_extras) {
    builder.use({.material = Material::Bricks,
                 .label = kBuilding,
                 .color = {0.25F, 0.12F, 0.08F},
                 .color2 = {0.3F, 0.3F, 0.3F},
                 .size = {0.08F}});
    const float x = size.x * random.uniform(0.2F, 0.8F);
    builder.box({{x, size.y + 1.6F, size.z * 0.55F}, {0.6F, 3.4F, 0.6F}});
  }
}

void add_balconies(Builder& builder, Random& random, const BuildingPlan& plan, const Part& look) {
  const float storey = look.size[0];
  const Part front = facade(look, plan.size.x);
  const int bays = floor_int(plan.size.x / front.size[1] + 0.5F);
  builder.use({.material = Material::Plain, .label = kBuilding, .color = look.color2 * 0.8F});
  for (int bay = static_cast<int>(random.below(2)); bay < bays; bay += 2) {
    const float x = (static_cast<float>(bay) + 0.5F) * front.size[1];
    for (float y = storey; y + storey <= plan.size.y + 0.2F; y += storey) {
      builder.box({{x, y, -0.5F}, {front.size[1] * 0.8F, 0.18F, 1.0F}});
      builder.box({{x, y + 0.55F, -0.97F}, {front.size[1] * 0.8F, 0.9F, 0.05F}});
    }
  }
}

void add_awnings(Builder& builder, Random& random, const Part& look, float width) {
  const Vec3 color = varied(random, {0.35F, 0.20F, 0.18F}, 0.9F);
  builder.use({.material = Material::Clothes, .label = kBuilding, .color = color});
  const float bay = facade(look, width).size[1] * 2;
  const float y = look.size[0] - 0.7F;
  for (float x = 0.2F; x + bay <= width; x += bay) {
    if (chance(random, 0.5F)) {
      builder.quad({x, y - 0.5F, -1.3F},
                   {x + bay - 0.4F, y - 0.5F, -1.3F},
                   {x + bay - 0.4F, y, -0.02F},
                   {x, y, -0.02F},
                   {},
                   {bay, 1.4F});
    }
  }
}

}  // namespace

void add_building(Builder& builder, Random& random, const BuildingPlan& plan, float detail) {
  const Part look = facade_look(random, plan);
  add_walls(builder, look, plan.size);
  add_roof(builder, random, plan, look);
  if (!plan.has_extras || detail < 5) {
    return;
  }
  const bool has_shop = plan.style == 1 || plan.style == 4;
  if (has_shop && chance(random, 0.5F)) {
    add_awnings(builder, random, look, plan.size.x);
  }
  if (plan.size.y > 8 && chance(random, 0.3F)) {
    add_balconies(builder, random, plan, look);
  }
}

}  // namespace mtmi::scenes
