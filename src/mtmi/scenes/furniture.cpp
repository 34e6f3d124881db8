#include "mtmi/scenes/furniture.h"

#include <algorithm>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/material.h"

namespace mtmi::scenes {
namespace {

constexpr Vec3 kSteel{0.30F, 0.31F, 0.32F};
constexpr Vec3 kDark{0.035F, 0.037F, 0.04F};

Part metal(Label label, Vec3 color) {
  return {.material = Material::Plain, .label = label, .gloss = 0.25F, .color = color};
}

int sides_for(float detail) {
  return detail > 40 ? 10 : detail > 12 ? 7 : 4;
}

// The three lamps of a signal head whose top is at `top`.
void add_signal_head(Builder& builder, Vec3 top, Signal signal, int sides) {
  builder.use(metal(kTrafficLight, kDark));
  builder.box({top - Vec3{0, 0.5F, 0}, {0.36F, 1.0F, 0.26F}});
  static constexpr std::array<Vec3, 3> kColors = {
      {{1.0F, 0.05F, 0.03F}, {1.0F, 0.55F, 0.04F}, {0.05F, 0.95F, 0.45F}}};
  for (std::size_t i = 0; i < 3; ++i) {
    const bool on = i == static_cast<std::size_t>(signal);
    builder.use({.material = Material::Lamp,
                 .label = kTrafficLight,
                 .color = kColors[i] * (on ? 1.0F : 0.06F),
                 .size = {on ? 3.0F : 0.0F}});
    const float y = top.y - 0.18F - 0.32F * static_cast<float>(i);
    builder.disc({top.x, y, top.z - 0.14F}, {0, 0, -1}, 0.12F, std::max(6, sides));
  }
}

struct PlateShape {
  int sides;
  float turn;  // of the first corner from the top, in steps of a side
  Vec2 stretch;
};

// A flat polygon facing -z with uv -1..1.
void add_plate(Builder& builder, Vec3 center, float radius, const PlateShape& shape) {
  const Vec3 normal{0, 0, -1};
  const std::uint32_t hub = builder.vertex(center, normal, {0, 0});
  std::uint32_t last = 0;
  for (int i = 0; i <= shape.sides; ++i) {
    const float turn = (static_cast<float>(i) + shape.turn) / static_cast<float>(shape.sides);
    const Vec2 uv{sine(2 * kPi * turn), cosine(2 * kPi * turn)};
    const float x = uv.x * radius * shape.stretch.x;
    const Vec3 at = center + Vec3{x, uv.y * radius * shape.stretch.y, 0};
    // A square's corners are at 45 degrees: scaled, so that its edges are at 1.
    const float edge = shape.sides == 4 ? 1.41421356F : 1.0F;
    const std::uint32_t next = builder.vertex(at, normal, uv * edge);
    if (i > 0) {
      builder.triangle(hub, last, next);
    }
    last = next;
  }
}

}  // namespace

void add_street_lamp(Builder& builder, Random& random, float reach, float lamps, float detail) {
  const float height = random.uniform(6.5F, 9.5F);
  const int sides = sides_for(detail);
  builder.use(metal(kPole, varied(random, kSteel, 0.4F)));
  builder.tube({0, -0.2F, 0}, {0, 1.0F, 0}, 0.11F, 0.10F, sides, false);
  builder.tube({0, 1.0F, 0}, {0, height, 0}, 0.085F, 0.055F, sides, false);
  builder.tube({0, height, 0}, {reach, height + 0.5F, 0}, 0.05F, 0.04F, sides, false);
  const float side = reach < 0 ? -1.0F : 1.0F;
  builder.box({{reach + side * 0.25F, height + 0.5F, 0}, {0.7F, 0.14F, 0.28F}});
  builder.use({.material = Material::Lamp,
               .label = kPole,
               .color = {1.0F, 0.80F, 0.50F},
               .size = {4.0F * lamps}});
  const Vec3 under{reach + side * 0.25F, height + 0.42F, 0};
  builder.quad(under + Vec3{-0.3F, 0, -0.1F},
               under + Vec3{0.3F, 0, -0.1F},
               under + Vec3{0.3F, 0, 0.1F},
               under + Vec3{-0.3F, 0, 0.1F});
}

void add_traffic_light(Builder& builder, Signal signal, float reach, float detail) {
  const int sides = sides_for(detail);
  const float height = reach == 0 ? 3.4F : 5.8F;
  builder.use(metal(kPole, kSteel * 0.7F));
  builder.tube({0, -0.2F, 0}, {0, height, 0}, 0.09F, 0.075F, sides);
  add_signal_head(builder, {0, 3.3F, -0.22F}, signal, sides);
  if (reach != 0) {
    builder.use(metal(kPole, kSteel * 0.7F));
    builder.tube({0, height - 0.1F, 0}, {reach, height + 0.1F, 0}, 0.06F, 0.05F, sides);
    add_signal_head(builder, {reach * 0.95F, height + 0.55F, -0.18F}, signal, sides);
  }
}

void add_traffic_sign(Builder& builder, Random& random, float detail) {
  const int sides = sides_for(detail);
  const auto style = static_cast<std::uint8_t>(random.below(kSignStyles));
  const bool is_board = style == 5 || style == 6;
  const float height = is_board ? 3.0F : random.uniform(2.1F, 2.6F);
  builder.use(metal(kPole, kSteel));
  builder.tube({0, -0.2F, 0}, {0, height + 0.25F, 0}, 0.04F, 0.04F, std::max(4, sides - 2), false);
  const int round = std::max(8, sides * 2);
  const PlateShape shape = is_board     ? PlateShape{4, 0.5F, {1.5F, 0.8F}}
                           : style == 4 ? PlateShape{4, 0.0F, {1, 1}}
                           : style == 7 ? PlateShape{4, 0.5F, {1, 1}}
                                        : PlateShape{round, 0, {1, 1}};
  Part plate{.material = Material::Sign, .label = kTrafficSign, .style = style};
  plate.seed = seed_from(random);
  builder.use(plate);
  const float radius = is_board ? 0.85F : random.uniform(0.30F, 0.42F);
  add_plate(builder, {0, height, -0.06F}, radius, shape);
  if (!is_board && chance(random, 0.3F)) {
    plate.style = 0;
    builder.use(plate);
    add_plate(builder, {0, height - 2.1F * radius, -0.06F}, radius, {round, 0, {1, 1}});
  }
}

void add_fence(Builder& builder, Random& random, float length, float detail) {
  const float height = random.uniform(0.9F, 1.6F);
  const bool wooden = chance(random, 0.5F);
  const Vec3 wood = varied(random, {0.36F, 0.27F, 0.18F}, 0.5F);
  const Vec3 color = wooden ? wood : varied(random, {0.10F, 0.11F, 0.11F}, 0.8F);
  builder.use({.material = Material::Plain, .label = kFence, .color = color, .seed = 3});
  for (const float y : {0.22F, 0.82F}) {
    builder.box({{0, height * y, length / 2}, {0.05F, wooden ? 0.10F : 0.05F, length}});
  }
  const float width = wooden ? 0.09F : 0.025F;
  // Far away single bars are thinner than a pixel: fewer, wider ones.
  const float step = std::max(wooden ? 0.14F : 0.13F, 1.2F / detail);
  const float drawn = std::max(width, step * width / (wooden ? 0.14F : 0.13F));
  for (float z = step / 2; z < length; z += step) {
    builder.box({{0.02F, height * 0.52F, z}, {0.02F, height * 0.96F, drawn}});
  }
  for (float z = 0; z <= length; z += 2.5F) {
    builder.box({{0, height * 0.5F, z}, {0.10F, height + 0.1F, 0.10F}});
  }
}

void add_wall(Builder& builder, Random& random, float length, float height) {
  Part part{.material = Material::Bricks, .label = kWall};
  const bool brick = chance(random, 0.5F);
  part.color = brick ? varied(random, {0.30F, 0.15F, 0.10F}, 0.3F)
                     : varied(random, {0.42F, 0.41F, 0.39F}, 0.3F);
  part.color2 = {0.36F, 0.35F, 0.33F};
  part.size = {brick ? 0.08F : 0.4F};
  part.seed = seed_from(random);
  builder.use(part);
  builder.box({{0, height / 2 - 0.2F, length / 2}, {0.28F, height + 0.4F, length}});
  builder.use({.material = Material::Plain, .label = kWall, .color = {0.40F, 0.39F, 0.37F}});
  builder.box({{0, height + 0.04F, length / 2}, {0.38F, 0.09F, length}});
}

void add_guard_rail(Builder& builder, float length) {
  builder.use(metal(kFence, {0.45F, 0.46F, 0.47F}));
  for (const float y : {0.52F, 0.68F}) {
    builder.tapered_box({{-0.05F, y, length / 2}, {0.07F, 0.13F, length}}, {0.5F, 1.0F});
  }
  for (float z = 0; z <= length; z += 2.0F) {
    builder.box({{0.05F, 0.33F, z}, {0.10F, 0.75F, 0.12F}});
  }
}

void add_bollard(Builder& builder, float detail) {
  const int sides = sides_for(detail);
  builder.use(metal(kPole, kDark * 2));
  builder.tube({0, 0, 0}, {0, 0.9F, 0}, 0.06F, 0.06F, sides);
  builder.use(metal(kPole, {0.7F, 0.7F, 0.7F}));
  builder.tube({0, 0.7F, 0}, {0, 0.78F, 0}, 0.065F, 0.065F, sides, false);
}

void add_bin(Builder& builder, Random& random) {
  static constexpr std::array<Vec3, 4> kColors = {
      {{0.05F, 0.12F, 0.06F}, {0.05F, 0.07F, 0.20F}, {0.22F, 0.22F, 0.22F}, {0.30F, 0.25F, 0.05F}}};
  builder.use({.material = Material::Plain, .label = kIgnore, .color = pick(random, kColors)});
  const Vec3 size{
      random.uniform(0.5F, 0.9F), random.uniform(0.9F, 1.3F), random.uniform(0.5F, 0.7F)};
  builder.tapered_box({{0, size.y / 2, 0}, size}, {1.08F, 1.08F});
  builder.use({.material = Material::Plain, .label = kIgnore, .color = kDark * 2});
  builder.box({{0, size.y + 0.04F, 0}, {size.x * 1.12F, 0.08F, size.z * 1.12F}});
}

}  // namespace mtmi::scenes
