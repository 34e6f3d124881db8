#include "mtmi/scenes/ground.h"

#include <vector>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

constexpr float kLandReach = 320.0F;  // [m] to either side
constexpr Vec3 kWhiteLine{0.72F, 0.72F, 0.70F};
constexpr Vec3 kYellowLine{0.70F, 0.48F, 0.06F};

struct Range {
  float begin;
  float end;
};

struct Looks {
  Part asphalt;
  Part kerb;
  Part paving;
  Part land;
};

Looks pick_looks(Random& random, District district) {
  static constexpr std::array<Vec3, 4> kAsphalt = {{{0.075F, 0.076F, 0.080F},
                                                    {0.110F, 0.110F, 0.112F},
                                                    {0.150F, 0.147F, 0.143F},
                                                    {0.052F, 0.053F, 0.058F}}};
  static constexpr std::array<Vec3, 4> kPaving = {{{0.30F, 0.295F, 0.285F},
                                                   {0.23F, 0.225F, 0.22F},
                                                   {0.34F, 0.27F, 0.23F},
                                                   {0.18F, 0.18F, 0.185F}}};
  static constexpr std::array<float, 3> kSlabs = {0.3F, 0.5F, 1.0F};
  Looks looks;
  looks.asphalt = {.material = Material::Asphalt, .label = kRoad, .casts_shadow = false};
  looks.asphalt.color = varied(random, pick(random, kAsphalt), 0.15F);
  looks.asphalt.gloss = 0.15F;
  looks.asphalt.seed = seed_from(random);
  looks.kerb = {.material = Material::Plain, .label = kSidewalk, .casts_shadow = false};
  looks.kerb.color = {0.33F, 0.33F, 0.32F};
  looks.paving = {.material = Material::Paving, .label = kSidewalk, .casts_shadow = false};
  looks.paving.color = varied(random, pick(random, kPaving), 0.15F);
  looks.paving.size = {pick(random, kSlabs)};
  looks.paving.seed = seed_from(random);
  looks.land = {.material = Material::Grass, .label = kTerrain, .casts_shadow = false};
  looks.land.color = varied(random, {0.075F, 0.120F, 0.030F}, 0.35F);
  const Vec3 dry = varied(random, {0.22F, 0.19F, 0.09F}, 0.3F);
  looks.land.color2 = district == District::Country ? dry : looks.land.color * 1.35F;
  looks.land.seed = seed_from(random);
  return looks;
}

// Kerb, verge and pavement on one side.
void lay_side(Builder& builder,
              const Street& street,
              const StreetPlan& plan,
              int sign,
              Range r,
              const Looks& looks) {
  const auto strip = [&](const Part& part, Profile inner, Profile outer) {
    builder.use(part);
    add_strip(builder, street, r.begin, r.end, sign < 0 ? outer : inner, sign < 0 ? inner : outer);
  };
  const float edge = plan.carriageway_edge(sign);
  const float kerb_top = edge + 0.15F * static_cast<float>(sign);
  const float verge = plan.verge_edge(sign);
  const float outside = plan.sidewalk_edge(sign);
  const float h = plan.kerb;
  const SidePlan& side = plan.side(sign);
  if (side.sidewalk > 0 || side.verge > 0) {
    strip(looks.kerb, {edge, -0.05F}, {edge, h});
    strip(looks.kerb, {edge, h}, {kerb_top, h});
  }
  if (side.verge > 0) {
    strip(looks.land, {kerb_top, h}, {verge, h});
  }
  if (side.sidewalk > 0) {
    strip(looks.paving, {verge, h}, {outside, h});
  }
  if (side.sidewalk > 0 || side.verge > 0) {
    strip(looks.kerb, {outside, h}, {outside, kLandHeight});
  }
}

// The vertical end of pavement and kerb where another street begins, at s.
void close_side(
    Builder& builder, const Street& street, const StreetPlan& plan, float s, const Looks& looks) {
  builder.place({});
  builder.use(looks.kerb);
  for (const int sign : {-1, 1}) {
    const float inner = plan.carriageway_edge(sign);
    const float outer = plan.sidewalk_edge(sign);
    builder.quad(street.at(s, inner, -0.05F),
                 street.at(s, outer, -0.05F),
                 street.at(s, outer, plan.kerb),
                 street.at(s, inner, plan.kerb));
  }
}

void add_lines(Markings& markings, Random& random, const StreetPlan& plan, District district) {
  const bool yellow = chance(random, 0.2F);
  const auto line = [&](float t, float dash, bool centre) {
    const Vec3 color = centre && yellow ? kYellowLine : kWhiteLine;
    markings.lines.push_back({t, 0.14F, dash, dash * 2, color});
  };
  const float half_track = plan.track * 0.5F;
  markings.lane_width = plan.lane_width;
  markings.lane_offset = half_track;
  if (plan.track > 0) {
    line(-half_track, 0, false);
    line(half_track, 0, false);
  } else if (!plan.one_way && chance(random, 0.85F)) {
    const bool doubled = plan.left.lanes + plan.right.lanes > 2 || chance(random, 0.2F);
    const float dash = chance(random, 0.3F) ? 0.0F : 3.0F;
    if (doubled) {
      line(-0.15F, 0, true);
      line(0.15F, 0, true);
    } else {
      line(0, dash, true);
    }
  } else if (plan.one_way) {
    line(0, 3.0F, false);
  }
  for (const int sign : {-1, 1}) {
    const SidePlan& side = plan.side(sign);
    for (int i = 1; i < side.lanes; ++i) {
      line(static_cast<float>(sign) * (half_track + static_cast<float>(i) * plan.lane_width),
           3.0F,
           false);
    }
    if (side.cycle_path > 0) {
      line(plan.lanes_edge(sign) - side.cycle_path * static_cast<float>(sign), 0, false);
    }
    const bool has_edge = district == District::Country || side.parking > 0;
    if (has_edge && chance(random, 0.8F)) {
      line(plan.lanes_edge(sign), side.parking > 0 ? 0.6F : 0.0F, false);
    }
  }
}

// A crossing with stripes and, where cars stop for it, a line. `towards` is where they come from.
void add_crossing(
    Markings& markings, const StreetPlan& plan, float s, float towards, int lanes_side) {
  const float left = plan.carriageway_edge(-1) + 0.4F;
  const float right = plan.carriageway_edge(1) - 0.4F;
  const float s0 = s + 1.2F * towards;
  const float s1 = s + 4.4F * towards;
  markings.bars.push_back({std::min(s0, s1), std::max(s0, s1), left, right, 0.5F});
  const float stop = s + 5.6F * towards;
  const float inner = static_cast<float>(lanes_side) * plan.track * 0.5F;
  const float outer = plan.lanes_edge(lanes_side);
  markings.bars.push_back(
      {stop - 0.2F, stop + 0.2F, std::min(inner, outer), std::max(inner, outer), 0});
}

Markings main_markings(Random& random, const Site& site) {
  Markings markings;
  add_lines(markings, random, site.plan, site.district);
  if (site.junction) {
    add_crossing(markings, site.plan, site.junction->begin, -1, 1);
    add_crossing(markings, site.plan, site.junction->end, 1, -1);
    markings.lines_off.push_back({site.junction->begin - 5.6F, site.junction->end + 5.6F});
  } else if (site.district != District::Country && chance(random, 0.35F)) {
    const float s = random.uniform(12.0F, 45.0F);
    add_crossing(markings, site.plan, s, 1, 1);
    markings.lines_off.push_back({s + 0.5F, s + 5.0F});
  }
  if (site.plan.track > 0) {
    markings.rail_t = 0;
    markings.rail_gauge = 1.435F;
  }
  return markings;
}

Markings cross_markings(Random& random, const Site& site) {
  Markings markings;
  const Junction& junction = *site.junction;
  add_lines(markings, random, junction.plan, site.district);
  const float reach = 5.6F;
  markings.lines_off.push_back(
      {site.plan.carriageway_edge(-1) - reach, site.plan.carriageway_edge(1) + reach});
  add_crossing(markings, junction.plan, site.plan.carriageway_edge(-1), -1, 1);
  add_crossing(markings, junction.plan, site.plan.carriageway_edge(1), 1, -1);
  return markings;
}

Part asphalt_with(Geometry& geometry, Part part, Markings markings) {
  part.style = static_cast<std::uint8_t>(geometry.markings.size());
  geometry.markings.push_back(std::move(markings));
  return part;
}

void lay_carriageway(
    Builder& builder, const Street& street, const StreetPlan& plan, Range r, const Part& asphalt) {
  builder.use(asphalt);
  // In two halves: the cross-section of a curve is a fan, and thin triangles draw faster.
  const Profile left{plan.carriageway_edge(-1), 0};
  const Profile right{plan.carriageway_edge(1), 0};
  add_strip(builder, street, r.begin, r.end, left, {0, 0});
  add_strip(builder, street, r.begin, r.end, {0, 0}, right);
}

// Wooded hills around the horizon, as far as the land reaches.
void add_hills(Builder& builder, Random& random, const Site& site) {
  const float height = random.uniform(3.0F, site.district == District::Country ? 34.0F : 16.0F);
  const std::uint32_t seed = seed_from(random);
  const bool wooded = chance(random, 0.7F);
  builder.place({});
  builder.use({.material = Material::Grass,
               .label = wooded ? kVegetation : kTerrain,
               .casts_shadow = false,
               .color = wooded ? site.foliage.dark : Vec3{0.10F, 0.14F, 0.05F},
               .color2 = wooded ? lerp(site.foliage.dark, site.foliage.light, 0.5F)
                                : Vec3{0.17F, 0.17F, 0.07F},
               .seed = seed});
  std::uint32_t last = 0;
  for (int i = 0; i <= 150; ++i) {
    const float angle = (static_cast<float>(i) - 75.0F) * (kPi / 180);
    const Vec3 out{sine(angle), 0, cosine(angle)};
    const float rolling = fractal_noise(angle * 5.0F + 40.0F, 0.5F, 3, 0.0F, seed)[0];
    const float tops = wooded ? 3.0F * noise(angle * 150.0F + 400.0F, 0.5F, seed + 7)[0] : 0.0F;
    const Vec3 normal = normalized(Vec3{0, 1, 0} - out * 0.6F);
    const std::uint32_t foot = builder.vertex(out * 235.0F + Vec3{0, -25, 0}, normal, {});
    builder.vertex(out * 250.0F + Vec3{0, height * rolling + tops, 0}, normal, {});
    if (i > 0) {
      builder.triangle(last, foot, foot + 1);
      builder.triangle(last, foot + 1, last + 1);
    }
    last = foot;
  }
}

}  // namespace

void lay_ground(Builder& builder, Geometry& geometry, Random& random, const Site& site) {
  const Looks looks = pick_looks(random, site.district);
  const Street& street = site.street;
  const Range all{street.s_begin(), street.s_end()};
  lay_carriageway(builder,
                  street,
                  site.plan,
                  all,
                  asphalt_with(geometry, looks.asphalt, main_markings(random, site)));
  std::vector<Range> ranges = {all};
  if (site.junction) {
    const Junction& j = *site.junction;
    ranges = {{all.begin, j.begin}, {j.end, all.end}};
    close_side(builder, street, site.plan, j.begin, looks);
    close_side(builder, street, site.plan, j.end, looks);
    const Part asphalt = asphalt_with(geometry, looks.asphalt, cross_markings(random, site));
    lay_carriageway(
        builder, j.cross, j.plan, {j.cross.s_begin(), site.plan.carriageway_edge(-1)}, asphalt);
    lay_carriageway(
        builder, j.cross, j.plan, {site.plan.carriageway_edge(1), j.cross.s_end()}, asphalt);
    // The cross street's pavements; the land beyond them is the main street's.
    for (const int sign : {-1, 1}) {
      for (const Range r : {Range{j.cross.s_begin(), site.plan.sidewalk_edge(-1)},
                            Range{site.plan.sidewalk_edge(1), j.cross.s_end()}}) {
        builder.use(looks.paving);
        const Profile inner{j.plan.carriageway_edge(sign), site.plan.kerb};
        const Profile outer{j.plan.sidewalk_edge(sign), site.plan.kerb};
        add_strip(
            builder, j.cross, r.begin, r.end, sign < 0 ? outer : inner, sign < 0 ? inner : outer);
      }
    }
  }
  for (const Range& r : ranges) {
    for (const int sign : {-1, 1}) {
      lay_side(builder, street, site.plan, sign, r, looks);
    }
  }
  builder.use(looks.land);
  for (float t = -kLandReach; t < kLandReach; t += kLandReach / 4) {
    const Profile left{t, kLandHeight};
    const Profile right{t + kLandReach / 4, kLandHeight};
    add_strip(builder, site.land, site.land.s_begin(), site.land.s_end(), left, right);
  }
  add_hills(builder, random, site);
}

}  // namespace mtmi::scenes
