#include "mtmi/scenes/vehicle_parts.h"

namespace mtmi::scenes {

const std::array<Vec3, 12> kVehiclePaints = {{{0.60F, 0.61F, 0.62F},
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

Part matte(Label label, Vec3 color) {
  return {.material = Material::Plain, .label = label, .color = color};
}

Part lamp(Label label, Vec3 color, float brightness) {
  return {.material = Material::Lamp, .label = label, .color = color, .size = {brightness}};
}

namespace {

int wheel_sides(float detail) {
  return detail > 40 ? 18 : detail > 15 ? 12 : 7;
}

}  // namespace

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

void add_rear(Builder& builder, Label label, const EndPlan& e, float lamps) {
  builder.use(lamp(label, kVehicleRed, 0.25F + 1.6F * lamps));
  for (const float side : {-1.0F, 1.0F}) {
    builder.box({{side * (e.half_width - 0.17F), e.lamp_y, e.z}, {0.30F, 0.17F, 0.06F}});
  }
  builder.use(matte(label, {0.70F, 0.70F, 0.62F}));
  builder.box({{0, e.plate_y, e.z - 0.01F}, {0.52F, 0.12F, 0.04F}});
  builder.use(matte(label, kVehicleBlack));
  builder.box({{0, 0.36F, e.z}, {e.half_width * 1.7F, 0.14F, 0.05F}});
}

void add_front(Builder& builder, Label label, const EndPlan& e, float lamps) {
  builder.use(lamp(label, kVehicleWhite, 0.1F + 5.0F * lamps));
  for (const float side : {-1.0F, 1.0F}) {
    builder.box({{side * (e.half_width - 0.20F), e.lamp_y, e.z}, {0.34F, 0.13F, 0.10F}});
  }
  builder.use(matte(label, kVehicleBlack));
  builder.box({{0, e.plate_y + 0.1F, e.z + 0.04F}, {e.half_width * 0.95F, 0.20F, 0.08F}});
  builder.use(matte(label, {0.70F, 0.70F, 0.68F}));
  builder.box({{0, e.plate_y - 0.08F, e.z + 0.07F}, {0.52F, 0.11F, 0.04F}});
}

}  // namespace mtmi::scenes
