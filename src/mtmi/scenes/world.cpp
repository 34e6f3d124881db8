#include "mtmi/scenes/world.h"

#include <cmath>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/ground.h"
#include "mtmi/scenes/roadside.h"
#include "mtmi/scenes/traffic.h"
#include "mtmi/scenes/viewpoint.h"

namespace mtmi::scenes {
namespace {

constexpr float kDegree = kPi / 180;

District pick_district(Random& random) {
  const float kind = random.uniform();
  return kind < 0.45F   ? District::Town
         : kind < 0.70F ? District::Suburb
         : kind < 0.85F ? District::Commerce
                        : District::Country;
}

SidePlan pick_side(Random& random, District district, int lanes) {
  SidePlan side;
  side.lanes = lanes;
  switch (district) {
    case District::Town:
      side.parking = chance(random, 0.65F) ? random.uniform(2.0F, 2.3F) : 0.0F;
      side.cycle_path = chance(random, 0.2F) ? 1.5F : 0.0F;
      side.sidewalk = random.uniform(2.0F, 5.0F);
      side.verge = chance(random, 0.15F) ? random.uniform(1.2F, 2.5F) : 0.0F;
      break;
    case District::Suburb:
      side.parking = chance(random, 0.45F) ? 2.1F : 0.0F;
      side.sidewalk = chance(random, 0.9F) ? random.uniform(1.5F, 2.6F) : 0.0F;
      side.verge = chance(random, 0.4F) ? random.uniform(1.0F, 3.0F) : 0.0F;
      break;
    case District::Commerce:
      side.parking = chance(random, 0.25F) ? 2.4F : 0.0F;
      side.cycle_path = chance(random, 0.3F) ? 1.6F : 0.0F;
      side.sidewalk = random.uniform(1.8F, 3.5F);
      side.verge = chance(random, 0.5F) ? random.uniform(1.0F, 4.0F) : 0.0F;
      break;
    case District::Country:
      side.sidewalk = 0;
      side.verge = 0;
      break;
  }
  return side;
}

StreetPlan pick_plan(Random& random, District district) {
  StreetPlan plan;
  plan.lane_width = random.uniform(2.9F, 3.6F);
  const bool wide = chance(random, district == District::Commerce ? 0.55F : 0.2F);
  plan.one_way = !wide && district == District::Town && chance(random, 0.15F);
  if (district != District::Country && chance(random, wide ? 0.45F : 0.12F)) {
    plan.track = 3.2F;
  }
  plan.left = pick_side(random, district, wide && plan.track <= 0 ? 2 : 1);
  plan.right = pick_side(random, district, wide && plan.track <= 0 ? 2 : 1);
  if (chance(random, 0.7F)) {  // most streets are alike on both sides
    plan.left.sidewalk = plan.right.sidewalk;
    plan.left.verge = plan.right.verge;
  }
  return plan;
}

Street::Course pick_course(Random& random, bool straight) {
  Street::Course course;
  course.heading = random.uniform(-3.5F, 3.5F) * kDegree;
  const float bend = random.uniform(-1.0F, 1.0F);
  const float change = random.uniform(-1.0F, 1.0F);
  const float grade = random.uniform(-1.0F, 1.0F);
  const bool curved = chance(random, 0.6F);
  if (!straight) {
    course.curvature = curved ? bend * bend * bend * 0.011F : 0.0F;
    course.curvature_change = curved ? change * 0.00008F : 0.0F;
    // A slope is one of the whole land, so that it cannot bend with the street.
    course.grade = curved ? 0.0F : grade * grade * grade * 0.07F;
  }
  return course;
}

Junction make_junction(Random& random, const Street& street, District district) {
  const StreetPlan plan = pick_plan(random, district);
  const float middle = random.uniform(16.0F, 60.0F);
  Street::Course course;
  course.origin = street.at(middle, 0);
  course.heading = street.heading(middle) + kPi / 2;
  course.s_begin = -165;
  course.s_end = 165;
  // The cross street runs to the right: its left side (t < 0) is farther along the main street.
  return {
      Street(course), plan, middle - plan.carriageway_edge(1), middle - plan.carriageway_edge(-1)};
}

struct Range {
  float low;
  float high;

  // One draw whatever the ends: the street behind it stays the same.
  [[nodiscard]] float draw(Random& random) const { return random.uniform(low, high); }
};

struct CameraRanges {
  Range focal;  // x sqrt(height x width)
  Range height;
  Range pitch_degrees;
};

constexpr CameraRanges kCar{{0.75F, 1.25F}, {1.3F, 1.8F}, {-4.0F, 4.0F}};
constexpr CameraRanges kWide{{0.5F, 2.0F}, {0.9F, 2.6F}, {-10.0F, 10.0F}};

Camera pick_camera(Random& random, int height, int width, CameraRange cameras) {
  const CameraRanges& ranges = cameras == CameraRange::Wide ? kWide : kCar;
  Camera camera;
  const auto diagonal = static_cast<float>(std::sqrt(static_cast<double>(height) * width));
  camera.focal = diagonal * ranges.focal.draw(random);
  camera.cx = static_cast<float>(width) * (0.5F + random.uniform(-0.01F, 0.01F));
  camera.cy = static_cast<float>(height) * (0.5F + random.uniform(-0.01F, 0.01F));
  camera.height = ranges.height.draw(random);
  camera.pitch = ranges.pitch_degrees.draw(random) * kDegree;
  return camera;
}

// The own car's bonnet, in some pictures: no class.
void add_bonnet(Builder& builder, Random& random) {
  const float gray = random.uniform(0.02F, 0.3F);
  builder.place({});
  builder.use({.material = Material::Plain,
               .label = kIgnore,
               .casts_shadow = false,
               .gloss = 0.9F,
               .color = {gray, gray, gray * 1.05F}});
  builder.ellipsoid({0, 0.50F, 0.9F}, {0.88F, 0.46F, 1.2F}, 18, 28);
}

}  // namespace

World make_world(Random& random, int height, int width, CameraRange cameras) {
  World world;
  world.camera = pick_camera(random, height, width, cameras);
  world.light = make_light(random);
  const District district = pick_district(random);
  const StreetPlan plan = pick_plan(random, district);
  const bool has_junction = district != District::Country && chance(random, 0.5F);
  const int lane = static_cast<int>(random.below(static_cast<std::uint64_t>(plan.right.lanes)));
  const float own_t = plan.lane_t(1, lane) + random.uniform(-0.3F, 0.3F);
  Street::Course course = pick_course(random, has_junction);
  // The eye is above (0, 0, 0), which is own_t to the right of the street's middle.
  course.origin = Vec3{-cosine(course.heading), 0, sine(course.heading)} * own_t;
  const Street street(course);
  Street::Course straight = course;
  straight.curvature = straight.curvature_change = 0;
  straight.s_end = 330;
  std::optional<Junction> junction;
  if (has_junction) {
    junction = make_junction(random, street, district);
  }
  const Site site{.district = district,
                  .street = street,
                  .land = Street(straight),
                  .plan = plan,
                  .junction = junction,
                  .foliage = make_foliage(random),
                  .lamps = world.light.lamps,
                  .focal = world.camera.focal};
  world.geometry.vertices.reserve(std::size_t{1} << 17);
  world.geometry.triangles.reserve(std::size_t{1} << 17);
  Builder builder(world.geometry);
  lay_ground(builder, world.geometry, random, site);
  fill_roadsides(builder, random, site);
  add_traffic(builder, random, site, own_t);
  clear_viewpoint(world.geometry, {0, world.camera.height, 0});
  if (chance(random, 0.12F)) {
    add_bonnet(builder, random);
  }
  return world;
}

}  // namespace mtmi::scenes
