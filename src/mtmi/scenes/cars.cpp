// Cars and vans.
#include <algorithm>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/vehicle_parts.h"
#include "mtmi/scenes/vehicles.h"

namespace mtmi::scenes {
namespace {

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
  Part paint = painted(kCar, varied(random, pick(random, kVehiclePaints), 0.15F));
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

}  // namespace mtmi::scenes
