#include "mtmi/scenes/vehicles.h"

#include <algorithm>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {
namespace {

constexpr std::array<Vec3, 12> kPaints = {{{0.60F, 0.61F, 0.62F},
                                           {0.32F, 0.33F, 0.34F},
                                           {0.03F, 0.03F, 0.035F},
                                           {0.70F, 0.70F, 0.69F},
                                           {0.10F, 0.11F, 0.12F},
                                           {0.02F, 0.05F, 0.16F},
                                           {0.36F, 0.02F, 0.025F},
                                           {0.05F, 0.12F, 0.22F},
                                           {0.72F, 0.72F, 0.70F},
                                           {0.20F, 0.19F, 0.16F},
                                           {0.03F, 0.10F, 0.06F},
                                           {0.45F, 0.20F, 0.03F}}};

Part painted(Label label, Vec3 color) {
  return {.material = Material::Paint, .label = label, .gloss = 0.75F, .color = color};
}

Part lamp(Label label, Vec3 color, float brightness) {
  return {.material = Material::Lamp, .label = label, .color = color, .size = {brightness}};
}

Part matte(Label label, Vec3 color) {
  return {.material = Material::Plain, .label = label, .color = color};
}

constexpr Vec3 kRed{0.55F, 0.02F, 0.02F};
constexpr Vec3 kWhite{0.85F, 0.85F, 0.80F};
constexpr Vec3 kBlack{0.02F, 0.02F, 0.022F};

int wheel_sides(float detail) {
  return detail > 40 ? 18 : detail > 15 ? 12 : 7;
}

struct WheelPlan {
  float x;  // of the outer face
  float z;
  float radius;
  float width;
};

void add_wheel(
    Builder& builder, Label label, const WheelPlan& w, std::uint32_t seed, float detail) {
  const int sides = wheel_sides(detail);
  const float inner = w.x > 0 ? w.x - w.width : w.x + w.width;
  builder.use(matte(label, {0.022F, 0.022F, 0.024F}));
  builder.tube({inner, w.radius, w.z}, {w.x, w.radius, w.z}, w.radius, w.radius, sides, false);
  Part face{.material = Material::Wheel, .label = label, .color = {0.38F, 0.39F, 0.40F}};
  face.size = {w.radius};
  face.seed = seed;
  builder.use(face);
  builder.disc({w.x, w.radius, w.z}, {w.x > 0 ? 1.0F : -1.0F, 0, 0}, w.radius, sides);
}

// Lamps, plates and a grille: thin boxes on the faces at z.
struct EndPlan {
  float z;
  float half_width;
  float lamp_y;
  float plate_y;
};

void add_rear(Builder& builder, Label label, const EndPlan& e, float lamps) {
  builder.use(lamp(label, kRed, 0.25F + 1.6F * lamps));
  for (const float side : {-1.0F, 1.0F}) {
    builder.box({{side * (e.half_width - 0.17F), e.lamp_y, e.z}, {0.30F, 0.17F, 0.06F}});
  }
  builder.use(matte(label, {0.70F, 0.70F, 0.62F}));
  builder.box({{0, e.plate_y, e.z - 0.01F}, {0.52F, 0.12F, 0.04F}});
  builder.use(matte(label, kBlack));
  builder.box({{0, 0.36F, e.z}, {e.half_width * 1.7F, 0.14F, 0.05F}});
}

void add_front(Builder& builder, Label label, const EndPlan& e, float lamps) {
  builder.use(lamp(label, kWhite, 0.1F + 5.0F * lamps));
  for (const float side : {-1.0F, 1.0F}) {
    builder.box({{side * (e.half_width - 0.20F), e.lamp_y, e.z}, {0.34F, 0.13F, 0.10F}});
  }
  builder.use(matte(label, kBlack));
  builder.box({{0, e.plate_y + 0.1F, e.z + 0.04F}, {e.half_width * 0.95F, 0.20F, 0.08F}});
  builder.use(matte(label, {0.70F, 0.70F, 0.68F}));
  builder.box({{0, e.plate_y - 0.08F, e.z + 0.07F}, {0.52F, 0.11F, 0.04F}});
}

// A car by the fractions of its length at which things happen, from the rear.
struct CarPlan {
  float length;
  float width;
  float height;
  float belt;       // height of the windows' lower edge
  float bonnet;     // height of the bonnet's front edge
  float trunk;      // height of the tail
  float rear_base;  // the cabin's lower rear corner, and so on
  float rear_top;
  float front_top;
  float front_base;
  float wheel;
};

CarPlan plan_of(CarKind kind) {
  switch (kind) {
    case CarKind::Hatchback:
      return {3.95F, 1.74F, 1.48F, 0.93F, 0.74F, 0.92F, 0.02F, 0.13F, 0.57F, 0.75F, 0.31F};
    case CarKind::Sedan:
      return {4.65F, 1.82F, 1.44F, 0.92F, 0.72F, 0.95F, 0.16F, 0.30F, 0.58F, 0.74F, 0.32F};
    case CarKind::Estate:
      return {4.70F, 1.82F, 1.49F, 0.93F, 0.73F, 0.95F, 0.02F, 0.10F, 0.58F, 0.74F, 0.32F};
    case CarKind::Suv:
      return {4.55F, 1.88F, 1.68F, 1.06F, 0.92F, 1.05F, 0.02F, 0.10F, 0.57F, 0.73F, 0.36F};
    case CarKind::Van:
      break;
  }
  return {5.10F, 1.95F, 2.05F, 1.15F, 0.98F, 1.15F, 0.01F, 0.03F, 0.74F, 0.88F, 0.34F};
}

void add_body(Builder& builder, const CarPlan& p, const Part& paint) {
  const float half = p.width / 2;
  const float z0 = -p.length / 2;
  const auto at = [&](float share, float width, float bottom, float top) {
    return Builder::Section{z0 + share * p.length, half * width, bottom, top};
  };
  const float cabin_rear = std::max(p.rear_base, 0.04F);
  const Builder::Section sections[] = {at(0.000F, 0.86F, 0.40F, p.trunk * 0.84F),
                                       at(0.020F, 0.94F, 0.28F, p.trunk * 0.97F),
                                       at(cabin_rear + 0.02F, 0.99F, 0.22F, p.belt + 0.02F),
                                       at(0.50F, 1.00F, 0.20F, p.belt),
                                       at(p.front_base, 0.99F, 0.20F, p.belt - 0.01F),
                                       at(0.93F, 0.94F, 0.22F, p.bonnet + 0.04F),
                                       at(0.985F, 0.86F, 0.26F, p.bonnet - 0.06F),
                                       at(1.000F, 0.74F, 0.34F, p.bonnet - 0.20F)};
  builder.use(paint);
  builder.loft(sections);
}

// Four panes and a roof between the belt and the top.
void add_cabin(Builder& builder, const CarPlan& p, const Part& paint, bool has_rear_windows) {
  const auto z = [&](float share) { return (share - 0.5F) * p.length; };
  const float wide = p.width / 2 * 0.94F;
  const float narrow = p.width / 2 * 0.76F;
  const float low = p.belt - 0.03F;
  const float high = p.height - 0.04F;
  const auto corner = [&](float side, bool top, float share) {
    return Vec3{side * (top ? narrow : wide), top ? high : low, z(share)};
  };
  Part pane{.material = Material::Glass, .label = paint.label, .gloss = paint.gloss};
  pane.color = {0.030F, 0.034F, 0.040F};
  pane.color2 = paint.color;
  pane.seed = paint.seed;
  const float rise = high - low;
  for (const float side : {-1.0F, 1.0F}) {
    const float span = (p.front_base - p.rear_base) * p.length;
    pane.size = {span * 0.36F, has_rear_windows ? span * 0.62F : 0, span, rise};
    builder.use(has_rear_windows ? pane : paint);
    builder.quad(corner(side, false, p.rear_base),
                 corner(side, false, p.front_base),
                 corner(side, true, p.front_top),
                 corner(side, true, p.rear_top),
                 {0, has_rear_windows ? 0 : low},
                 {span, rise});
    if (!has_rear_windows) {  // a van: only the driver's window
      pane.size = {0, 0, 0.95F, rise};
      builder.use(pane);
      const Vec3 out{side * 0.01F, 0, 0};
      const float back = 1.25F / p.length;
      builder.quad(corner(side, false, p.front_base - back) + out,
                   corner(side, false, p.front_base - 0.03F) + out,
                   corner(side, true, p.front_top - 0.03F) + out,
                   corner(side, true, p.front_top - back * 0.5F) + out,
                   {},
                   {0.95F, rise});
    }
  }
  pane.size = {0, 0, 2 * wide, rise};
  builder.use(pane);
  builder.quad(corner(-1, false, p.front_base),
               corner(1, false, p.front_base),
               corner(1, true, p.front_top),
               corner(-1, true, p.front_top),
               {},
               {2 * wide, rise});
  builder.quad(corner(-1, false, p.rear_base),
               corner(1, false, p.rear_base),
               corner(1, true, p.rear_top),
               corner(-1, true, p.rear_top),
               {},
               {2 * wide, rise});
  Part roof = paint;
  roof.size = {};
  builder.use(roof);
  const float middle = (p.rear_top + p.front_top) / 2;
  const float long_z = (p.front_top - p.rear_top) * p.length + 0.06F;
  builder.tapered_box({{0, p.height - 0.02F, z(middle)}, {2 * narrow + 0.03F, 0.06F, long_z}},
                      {0.93F, 0.95F});
}

void add_mirrors(Builder& builder, const CarPlan& p, const Part& paint) {
  Part part = paint;
  part.size = {};
  builder.use(part);
  for (const float side : {-1.0F, 1.0F}) {
    const float z = (p.front_base - 0.5F) * p.length - 0.35F;
    builder.box({{side * (p.width / 2 + 0.08F), p.belt + 0.08F, z}, {0.2F, 0.14F, 0.1F}});
  }
}

}  // namespace

CarKind pick_car(Random& random) {
  static constexpr std::array<CarKind, 10> kKinds = {CarKind::Hatchback,
                                                     CarKind::Hatchback,
                                                     CarKind::Hatchback,
                                                     CarKind::Sedan,
                                                     CarKind::Sedan,
                                                     CarKind::Estate,
                                                     CarKind::Estate,
                                                     CarKind::Suv,
                                                     CarKind::Suv,
                                                     CarKind::Van};
  return pick(random, kKinds);
}

void add_car(Builder& builder, Random& random, CarKind kind, float lamps, float detail) {
  CarPlan p = plan_of(kind);
  const float scale = random.uniform(0.95F, 1.05F);
  p.length *= scale;
  p.height *= random.uniform(0.97F, 1.03F);
  Part paint = painted(kCar, varied(random, pick(random, kPaints), 0.15F));
  paint.seed = seed_from(random);
  const float rear_axle = -0.32F * p.length;
  const float front_axle = 0.30F * p.length;
  paint.size = {rear_axle, front_axle, p.wheel};
  add_body(builder, p, paint);
  add_cabin(builder, p, paint, kind != CarKind::Van || chance(random, 0.4F));
  const std::uint32_t rims = seed_from(random);
  for (const float z : {rear_axle, front_axle}) {
    for (const float side : {-1.0F, 1.0F}) {
      const float x = side * (p.width / 2 - 0.005F);
      add_wheel(builder, kCar, {x, z, p.wheel, 0.20F}, rims, detail);
    }
  }
  if (detail > 7) {
    const float half = p.width / 2;
    add_rear(builder, kCar, {-p.length / 2 - 0.005F, half * 0.88F, p.trunk * 0.80F, 0.62F}, lamps);
    add_front(builder, kCar, {p.length / 2 - 0.075F, half * 0.86F, p.bonnet - 0.15F, 0.45F}, lamps);
    add_mirrors(builder, p, paint);
  }
}

void add_truck(Builder& builder, Random& random, float lamps, float detail) {
  const float length = random.uniform(6.5F, 11.5F);
  const float width = 2.45F;
  const float height = random.uniform(3.0F, 3.9F);
  const float cab = 2.0F;
  const float rear = -length / 2;
  const float front = length / 2;
  const Vec3 color = varied(random, pick(random, kPaints), 0.2F);
  Part box = painted(kTruck, chance(random, 0.5F) ? kWhite * 0.85F : varied(random, color, 0.3F));
  box.gloss = 0.2F;
  builder.use(box);
  const float load = length - cab - 0.35F;
  builder.box({{0, (1.0F + height) / 2, rear + load / 2}, {width, height - 1.0F, load}});
  builder.use(matte(kTruck, {0.05F, 0.05F, 0.05F}));
  builder.box({{0, 0.8F, 0}, {width * 0.8F, 0.35F, length * 0.96F}});
  builder.box({{0, 0.5F, rear + 0.1F}, {width * 0.95F, 0.18F, 0.1F}});
  Part paint = painted(kTruck, color);
  builder.use(paint);
  const float top = std::min(height - 0.2F, 2.9F);
  builder.tapered_box({{0, (0.55F + top) / 2, front - cab / 2}, {width * 0.97F, top - 0.55F, cab}},
                      {0.93F, 0.88F});
  Part pane{.material = Material::Glass, .label = kTruck, .gloss = 0.5F};
  pane.color = {0.03F, 0.034F, 0.04F};
  pane.color2 = color;
  pane.size = {0, 0, 2.1F, 0.95F};
  builder.use(pane);
  builder.quad({-1.05F, 1.55F, front - 0.03F},
               {1.05F, 1.55F, front - 0.03F},
               {1.03F, 2.5F, front - 0.08F},
               {-1.03F, 2.5F, front - 0.08F},
               {},
               {2.1F, 0.95F});
  pane.size = {0, 0, 1.0F, 0.85F};
  builder.use(pane);
  for (const float side : {-1.0F, 1.0F}) {
    const float x = side * (width * 0.485F + 0.005F);
    const float x_top = x - side * 0.06F;
    builder.quad({x, 1.6F, front - 1.25F},
                 {x, 1.6F, front - 0.25F},
                 {x_top, 2.4F, front - 0.3F},
                 {x_top, 2.4F, front - 1.25F},
                 {},
                 {1.0F, 0.85F});
  }
  for (const float z : {rear + 1.2F, rear + 2.3F, front - 1.0F}) {
    for (const float side : {-1.0F, 1.0F}) {
      add_wheel(builder, kTruck, {side * width * 0.49F, z, 0.48F, 0.5F}, 7, detail);
    }
  }
  add_rear(builder, kTruck, {rear - 0.03F, width / 2, 0.72F, 0.68F}, lamps);
  add_front(builder, kTruck, {front + 0.02F, width / 2, 0.85F, 0.75F}, lamps);
}

void add_bus(Builder& builder, Random& random, float lamps, float detail) {
  const Vec3 size{2.5F, 3.0F, random.uniform(11.0F, 13.0F)};
  const float floor = 0.25F;
  static constexpr std::array<Vec3, 5> kColors = {{{0.50F, 0.03F, 0.03F},
                                                   {0.62F, 0.60F, 0.55F},
                                                   {0.60F, 0.42F, 0.03F},
                                                   {0.04F, 0.16F, 0.36F},
                                                   {0.10F, 0.30F, 0.10F}}};
  Part part{.material = Material::Livery, .label = kBus};
  part.color = varied(random, pick(random, kColors), 0.2F);
  part.color2 = kWhite * 0.8F;
  part.size = {size.z, size.y + floor, 1.25F, 1.5F};
  const float front = size.z / 2;
  const float x = size.x / 2;
  builder.use(part);
  for (const float side : {-x, x}) {
    builder.quad({side, floor, -front},
                 {side, floor, front},
                 {side, floor + size.y, front},
                 {side, floor + size.y, -front},
                 {0, floor},
                 {size.z, size.y});
  }
  part.size = {size.x, size.y + floor, 1.05F, 0};
  builder.use(part);
  for (const float z : {-front, front}) {
    builder.quad({-x, floor, z},
                 {x, floor, z},
                 {x, floor + size.y, z},
                 {-x, floor + size.y, z},
                 {0, floor},
                 {size.x, size.y});
  }
  builder.use(painted(kBus, part.color * 0.9F));
  builder.tapered_box({{0, floor + size.y + 0.06F, 0}, {size.x, 0.12F, size.z}}, {0.9F, 0.98F});
  builder.use(lamp(kBus, {1.0F, 0.62F, 0.10F}, 0.6F));
  builder.box({{0, floor + size.y - 0.28F, front + 0.01F}, {1.5F, 0.25F, 0.03F}});
  for (const float z : {-front * 0.48F, front * 0.52F}) {
    for (const float side : {-1.0F, 1.0F}) {
      add_wheel(builder, kBus, {side * (x + 0.01F), z, 0.48F, 0.3F}, 7, detail);
    }
  }
  add_rear(builder, kBus, {-front - 0.02F, x, 1.0F, 0.7F}, lamps);
  add_front(builder, kBus, {front + 0.02F, x, 0.75F, 0.6F}, lamps);
}

void add_tram(Builder& builder, Random& random, float lamps, float /*detail*/) {
  const int sections = static_cast<int>(random.below(3)) + 2;
  const Vec3 size{2.4F, 3.1F, kTramSection};
  static constexpr std::array<Vec3, 4> kColors = {
      {{0.60F, 0.45F, 0.05F}, {0.55F, 0.05F, 0.04F}, {0.05F, 0.25F, 0.20F}, {0.10F, 0.18F, 0.42F}}};
  Part part{.material = Material::Livery, .label = kTrain};
  part.color = varied(random, pick(random, kColors), 0.2F);
  part.color2 = kWhite * 0.8F;
  const float low = 0.28F;
  const float high = low + size.y;
  const float x = size.x / 2;
  const float total = static_cast<float>(sections) * size.z;
  for (int i = 0; i < sections; ++i) {
    const float z0 = -total / 2 + static_cast<float>(i) * size.z + 0.2F;
    const float z1 = z0 + size.z - 0.4F;
    part.size = {size.z - 0.4F, high, 1.2F, 1.35F};
    builder.use(part);
    for (const float side : {-x, x}) {
      builder.quad({side, low, z0},
                   {side, low, z1},
                   {side * 0.97F, high, z1},
                   {side * 0.97F, high, z0},
                   {0, low},
                   {z1 - z0, size.y});
    }
    part.size = {size.x, high + 0.2F, 1.05F, 0};
    builder.use(part);
    for (const float z : {z0, z1}) {
      builder.quad(
          {-x, low, z}, {x, low, z}, {x, high, z}, {-x, high, z}, {0, low}, {size.x, size.y});
    }
    builder.use(painted(kTrain, {0.35F, 0.36F, 0.37F}));
    builder.tapered_box({{0, high + 0.12F, (z0 + z1) / 2}, {size.x, 0.26F, z1 - z0}},
                        {0.8F, 0.98F});
    if (i > 0) {  // bellows
      builder.use(matte(kTrain, kBlack));
      builder.box({{0, (low + high) / 2, z0 - 0.2F}, {size.x * 0.88F, size.y * 0.92F, 0.42F}});
    }
  }
  add_rear(builder, kTrain, {-total / 2 + 0.17F, x, 0.95F, 0.7F}, lamps);
  add_front(builder, kTrain, {total / 2 - 0.17F, x, 0.95F, 0.7F}, lamps);
}

namespace {

// A ring of short tubes in the plane x = 0.
void add_ring(Builder& builder, Vec3 center, float radius, float thickness, int segments) {
  Vec3 last{};
  for (int i = 0; i <= segments; ++i) {
    const float angle = 2 * kPi * static_cast<float>(i) / static_cast<float>(segments);
    const Vec3 at = center + Vec3{0, radius * cosine(angle), radius * sine(angle)};
    if (i > 0) {
      builder.tube(last, at, thickness, thickness, 4, false);
    }
    last = at;
  }
}

}  // namespace

void add_motorcycle(Builder& builder, Random& random, float lamps, float detail) {
  const int segments = detail > 30 ? 16 : 9;
  const float r = 0.30F;
  builder.use(matte(kMotorcycle, kBlack));
  for (const float z : {-0.68F, 0.68F}) {
    add_ring(builder, {0, r, z}, r - 0.06F, 0.065F, segments);
  }
  builder.use(matte(kMotorcycle, {0.30F, 0.30F, 0.31F}));
  for (const float z : {-0.68F, 0.68F}) {
    builder.tube({-0.03F, r, z}, {0.03F, r, z}, r * 0.6F, r * 0.6F, segments);
  }
  builder.box({{0, 0.45F, 0.0F}, {0.28F, 0.36F, 0.55F}});
  for (const float side : {-0.10F, 0.10F}) {
    builder.tube({side, r, 0.68F}, {side, 0.92F, 0.42F}, 0.028F, 0.028F, 5);
  }
  builder.tube({-0.34F, 1.00F, 0.36F}, {0.34F, 1.00F, 0.36F}, 0.02F, 0.02F, 5);
  builder.tube({0.16F, 0.38F, 0.1F}, {0.18F, 0.45F, -0.85F}, 0.05F, 0.06F, 6);
  builder.use(painted(kMotorcycle, varied(random, pick(random, kPaints), 0.3F)));
  builder.ellipsoid({0, 0.78F, 0.18F}, {0.17F, 0.15F, 0.32F}, 6, 8);
  builder.ellipsoid({0, 0.72F, -0.62F}, {0.13F, 0.11F, 0.26F}, 5, 7);
  builder.use(matte(kMotorcycle, kBlack));
  builder.box({{0, 0.80F, -0.28F}, {0.24F, 0.10F, 0.58F}});
  builder.use(lamp(kMotorcycle, kWhite, 0.3F + 4.0F * lamps));
  builder.disc({0, 0.88F, 0.52F}, {0, 0, 1}, 0.09F, 8);
  builder.use(lamp(kMotorcycle, kRed, 0.3F + 1.5F * lamps));
  builder.box({{0, 0.74F, -0.88F}, {0.14F, 0.07F, 0.04F}});
}

void add_bicycle(Builder& builder, Random& random, float detail) {
  const int segments = detail > 30 ? 18 : 10;
  // Tubes thinner than a third of a pixel would be missed by most samples.
  const float thin = std::max(0.016F, 0.20F / detail);
  const float r = 0.34F;
  builder.use(matte(kBicycle, kBlack));
  for (const float z : {-0.52F, 0.52F}) {
    add_ring(builder, {0, r, z}, r - 0.02F, std::max(0.02F, thin), segments);
  }
  builder.use(painted(kBicycle, varied(random, pick(random, kPaints), 0.4F)));
  const Vec3 pedals{0, 0.29F, -0.06F};
  const Vec3 saddle{0, 0.86F, -0.24F};
  const Vec3 head{0, 0.84F, 0.36F};
  builder.tube(pedals, saddle, thin, thin, 5, false);
  builder.tube(pedals, head, thin, thin, 5, false);
  builder.tube({0, 0.74F, -0.20F}, head, thin, thin, 5, false);
  builder.tube(pedals, {0, r, -0.52F}, thin * 0.8F, thin * 0.8F, 5, false);
  builder.tube({0, 0.74F, -0.20F}, {0, r, -0.52F}, thin * 0.8F, thin * 0.8F, 5, false);
  builder.tube(head, {0, r, 0.52F}, thin, thin, 5, false);
  builder.use(matte(kBicycle, kBlack));
  builder.tube(head, {0, 1.00F, 0.33F}, thin, thin, 5, false);
  builder.tube({-0.28F, 1.00F, 0.30F}, {0.28F, 1.00F, 0.30F}, thin, thin, 5, false);
  builder.box({{0, 0.90F, -0.25F}, {0.14F, 0.06F, 0.26F}});
  if (chance(random, 0.4F)) {
    builder.box({{0, 0.75F, -0.58F}, {0.30F, 0.22F, 0.34F}});
  }
}

}  // namespace mtmi::scenes
