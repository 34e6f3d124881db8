// Lorries, buses and trams.
#include <algorithm>
#include <array>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/vehicle_parts.h"
#include "mtmi/scenes/vehicles.h"

namespace mtmi::scenes {

void add_truck(Builder& builder, Random& random, float lamps, float detail) {
  const float length = random.uniform(6.5F, 11.5F);
  const float width = 2.45F;
  const float height = random.uniform(3.0F, 3.9F);
  const float cab = 2.0F;
  const float rear = -length / 2;
  const float front = length / 2;
  const Vec3 color = varied(random, pick(random, kVehiclePaints), 0.2F);
  Part box =
      painted(kTruck, chance(random, 0.5F) ? kVehicleWhite * 0.85F : varied(random, color, 0.3F));
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
  part.color2 = kVehicleWhite * 0.8F;
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
  part.color2 = kVehicleWhite * 0.8F;
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
      builder.use(matte(kTrain, kVehicleBlack));
      builder.box({{0, (low + high) / 2, z0 - 0.2F}, {size.x * 0.88F, size.y * 0.92F, 0.42F}});
    }
  }
  add_rear(builder, kTrain, {-total / 2 + 0.17F, x, 0.95F, 0.7F}, lamps);
  add_front(builder, kTrain, {total / 2 - 0.17F, x, 0.95F, 0.7F}, lamps);
}

}  // namespace mtmi::scenes
