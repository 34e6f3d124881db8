// Motorcycles and bicycles.
#include <algorithm>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/vehicle_parts.h"
#include "mtmi/scenes/vehicles.h"

namespace mtmi::scenes {
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
  builder.use(matte(kMotorcycle, kVehicleBlack));
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
  builder.use(painted(kMotorcycle, varied(random, pick(random, kVehiclePaints), 0.3F)));
  builder.ellipsoid({0, 0.78F, 0.18F}, {0.17F, 0.15F, 0.32F}, 6, 8);
  builder.ellipsoid({0, 0.72F, -0.62F}, {0.13F, 0.11F, 0.26F}, 5, 7);
  builder.use(matte(kMotorcycle, kVehicleBlack));
  builder.box({{0, 0.80F, -0.28F}, {0.24F, 0.10F, 0.58F}});
  builder.use(lamp(kMotorcycle, kVehicleWhite, 0.3F + 4.0F * lamps));
  builder.disc({0, 0.88F, 0.52F}, {0, 0, 1}, 0.09F, 8);
  builder.use(lamp(kMotorcycle, kVehicleRed, 0.3F + 1.5F * lamps));
  builder.box({{0, 0.74F, -0.88F}, {0.14F, 0.07F, 0.04F}});
}

void add_bicycle(Builder& builder, Random& random, float detail) {
  const int segments = detail > 30 ? 18 : 10;
  // Tubes thinner than a third of a pixel would be missed by most samples.
  const float thin = std::max(0.016F, 0.20F / detail);
  const float r = 0.34F;
  builder.use(matte(kBicycle, kVehicleBlack));
  for (const float z : {-0.52F, 0.52F}) {
    add_ring(builder, {0, r, z}, r - 0.02F, std::max(0.02F, thin), segments);
  }
  builder.use(painted(kBicycle, varied(random, pick(random, kVehiclePaints), 0.4F)));
  const Vec3 pedals{0, 0.29F, -0.06F};
  const Vec3 saddle{0, 0.86F, -0.24F};
  const Vec3 head{0, 0.84F, 0.36F};
  builder.tube(pedals, saddle, thin, thin, 5, false);
  builder.tube(pedals, head, thin, thin, 5, false);
  builder.tube({0, 0.74F, -0.20F}, head, thin, thin, 5, false);
  builder.tube(pedals, {0, r, -0.52F}, thin * 0.8F, thin * 0.8F, 5, false);
  builder.tube({0, 0.74F, -0.20F}, {0, r, -0.52F}, thin * 0.8F, thin * 0.8F, 5, false);
  builder.tube(head, {0, r, 0.52F}, thin, thin, 5, false);
  builder.use(matte(kBicycle, kVehicleBlack));
  builder.tube(head, {0, 1.00F, 0.33F}, thin, thin, 5, false);
  builder.tube({-0.28F, 1.00F, 0.30F}, {0.28F, 1.00F, 0.30F}, thin, thin, 5, false);
  builder.box({{0, 0.90F, -0.25F}, {0.14F, 0.06F, 0.26F}});
  if (chance(random, 0.4F)) {
    builder.box({{0, 0.75F, -0.58F}, {0.30F, 0.22F, 0.34F}});
  }
}

}  // namespace mtmi::scenes
