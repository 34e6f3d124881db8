#include "mtmi/scenes/roadside.h"

#include <algorithm>

#include "mtmi/scenes/buildings.h"
#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/furniture.h"
#include "mtmi/scenes/ground.h"
#include "mtmi/scenes/material.h"

namespace mtmi::scenes {
namespace {

// One side of a street between two values of s.
struct Stretch {
  const Street& street;
  const StreetPlan& plan;
  int sign;  // -1 left, 1 right
  float begin;
  float end;

  [[nodiscard]] float side() const { return static_cast<float>(sign); }

  [[nodiscard]] float edge() const { return plan.sidewalk_edge(sign); }
};

class Roadside {
 public:
  Roadside(Builder& builder, Random& random, const Site& site)
      : builder_(builder), random_(random), site_(site) {}

  void fill(const Stretch& at) {
    switch (site_.district) {
      case District::Town:
        town(at);
        break;
      case District::Suburb:
        suburb(at);
        break;
      case District::Commerce:
        commerce(at);
        break;
      case District::Country:
        country(at);
        break;
    }
  }

  void furnish(const Stretch& at) {
    lamps(at);
    signs(at);
    if (site_.district != District::Country) {
      street_trees(at);
      bins_and_bollards(at);
    }
  }

  void junction_lights(const Junction& junction) {
    if (!chance(random_, 0.7F)) {
      return;
    }
    const auto signal = static_cast<Signal>(random_.below(3));
    const StreetPlan& plan = site_.plan;
    const float beside = plan.carriageway_edge(1) + 0.6F;
    const float other = plan.carriageway_edge(-1) - 0.6F;
    const bool arm = chance(random_, 0.5F);
    stand(site_.street, junction.begin - 1.0F, beside);
    add_traffic_light(builder_, signal, 0, detail());
    stand(site_.street, junction.end + 0.8F, beside);
    add_traffic_light(builder_, signal, arm ? -4.5F : 0.0F, detail());
    stand(site_.street, junction.end + 0.8F, other);
    add_traffic_light(builder_, signal, 0, detail());
    stand(site_.street, junction.begin - 1.0F, other, kPi);
    add_traffic_light(builder_, signal, 0, detail());
  }

  void backdrop() {
    // What closes the view at the end of the street.
    const float s = site_.street.s_end() - 12;
    for (int i = 0; i < 26; ++i) {
      const float t = -130.0F + 10.4F * static_cast<float>(i) + random_.uniform(-3.0F, 3.0F);
      stand(site_.street, s + random_.uniform(-6.0F, 10.0F), t);
      if (site_.district == District::Country || chance(random_, 0.5F)) {
        add_tree(builder_, random_, site_.foliage, random_.uniform(7.0F, 14.0F), detail());
      } else {
        const Vec3 size{random_.uniform(9.0F, 16.0F), random_.uniform(6.0F, 18.0F), 12};
        add_building(builder_, random_, {size, RoofKind::Flat, 2, false}, detail());
      }
    }
  }

 private:
  // Places the builder at (s, t) of the main street, or of the crossing one, on the ground.
  void stand(const Street& street, float s, float t, float yaw = 0) {
    const bool is_main = &street == &site_.street;
    Placement placement = street.place(s, t, yaw);
    placement.slope = 0;
    placement.origin.y += (is_main ? site_.plan : site_.junction->plan).height_at(t);
    builder_.start_object(placement);
  }

  // Places the builder so that local z leads away from the street and x along a front that covers
  // s .. s + width.
  void front(const Stretch& at, float s, float width, float t) {
    const float from = at.sign > 0 ? s + width : s;
    const Placement placement = at.street.place(from, t);
    const float heading = at.street.heading(s + width / 2) + at.side() * kPi / 2;
    builder_.start_object(placed_at(placement.origin, heading));
  }

  [[nodiscard]] float detail() const { return site_.detail_at(builder_.placement().origin); }

  void town(const Stretch& at) {
    float s = at.begin;
    const float setback = at.edge() + at.side() * random_.uniform(0.0F, 0.8F);
    const float typical = random_.uniform(8.0F, 19.0F);
    while (s < at.end - 6) {
      if (chance(random_, 0.16F)) {
        s += gap(at, s);
        continue;
      }
      const float width = std::min(random_.uniform(9.0F, 24.0F), at.end - s);
      const float height = std::max(6.0F, typical + random_.uniform(-4.0F, 5.0F));
      BuildingPlan plan{{width, height, random_.uniform(10.0F, 14.0F)}};
      plan.style = static_cast<std::uint8_t>(random_.below(kFacadeStyles));
      const float roof = random_.uniform();
      plan.roof = roof < 0.4F ? RoofKind::Flat : roof < 0.8F ? RoofKind::GableAlong : RoofKind::Hip;
      front(at, s, width, setback);
      add_building(builder_, random_, plan, detail());
      s += width + (chance(random_, 0.15F) ? random_.uniform(0.5F, 3.0F) : 0.0F);
    }
  }

  // A yard between two houses, behind a wall or fence. Returns its width.
  float gap(const Stretch& at, float s) {
    const float width = std::min(random_.uniform(6.0F, 16.0F), at.end - s);
    border(at, s, width, at.edge() + at.side() * 0.3F);
    for (int i = 0; i < 3; ++i) {
      const float along = s + width * random_.uniform(0.1F, 0.9F);
      stand(at.street, along, at.edge() + at.side() * random_.uniform(2.5F, 9.0F));
      add_tree(builder_, random_, site_.foliage, random_.uniform(5.0F, 11.0F), detail());
    }
    return width;
  }

  // A wall, a fence or a hedge along the street.
  void border(const Stretch& at, float s, float width, float t) {
    constexpr float kPiece = 6.0F;  // short pieces follow a curve
    const float kind = random_.uniform();
    const float wall_height = random_.uniform(0.7F, 2.2F);
    const float hedge_height = random_.uniform(0.8F, 1.8F);
    const Random same = random_;  // all pieces alike
    for (float from = s; from < s + width - 0.5F; from += kPiece) {
      Random look = same;
      const float piece = std::min(kPiece, s + width - from);
      stand(at.street, from, t);
      builder_.place(placed_at(builder_.placement().origin, at.street.heading(from + piece / 2)));
      if (kind < 0.35F) {
        add_wall(builder_, look, piece, wall_height);
      } else if (kind < 0.70F) {
        add_fence(builder_, look, piece, detail());
      } else {
        const Vec3 size{0.7F, hedge_height, piece};
        add_hedge(builder_, look, site_.foliage, size, detail());
      }
    }
  }

  void suburb(const Stretch& at) {
    float s = at.begin + random_.uniform(0.0F, 4.0F);
    while (s < at.end - 10) {
      const float plot = random_.uniform(14.0F, 24.0F);
      const float width = random_.uniform(8.0F, 12.0F);
      const float setback = random_.uniform(4.0F, 9.0F);
      BuildingPlan plan{{width, random_.uniform(4.5F, 7.0F), random_.uniform(8.0F, 11.0F)}};
      static constexpr std::array<std::uint8_t, 3> kStyles = {0, 2, 0};
      plan.style = pick(random_, kStyles);
      const float roof = random_.uniform();
      plan.roof = roof < 0.4F   ? RoofKind::GableAlong
                  : roof < 0.7F ? RoofKind::GableAcross
                                : RoofKind::Hip;
      front(at, s + (plot - width) / 2, width, at.edge() + at.side() * setback);
      add_building(builder_, random_, plan, detail());
      if (chance(random_, 0.75F)) {
        border(at, s, plot * 0.72F, at.edge() + at.side() * 0.5F);
      }
      garden(at, s, plot, setback);
      s += plot;
    }
  }

  void garden(const Stretch& at, float s, float plot, float setback) {
    const int plants = static_cast<int>(random_.below(4)) + 1;
    for (int i = 0; i < plants; ++i) {
      const float along = s + plot * random_.uniform();
      stand(at.street, along, at.edge() + at.side() * random_.uniform(1.5F, setback));
      const float kind = random_.uniform();
      if (kind < 0.45F) {
        add_bush(builder_, random_, site_.foliage, random_.uniform(0.8F, 1.8F), detail());
      } else if (kind < 0.85F) {
        add_tree(builder_, random_, site_.foliage, random_.uniform(4.0F, 9.0F), detail());
      } else {
        add_conifer(builder_, random_, site_.foliage, random_.uniform(5.0F, 11.0F), detail());
      }
    }
    const float behind = s + plot * random_.uniform();
    stand(at.street, behind, at.edge() + at.side() * random_.uniform(20.0F, 32.0F));
    add_tree(builder_, random_, site_.foliage, random_.uniform(8.0F, 15.0F), detail());
  }

  void commerce(const Stretch& at) {
    float s = at.begin + random_.uniform(0.0F, 6.0F);
    while (s < at.end - 12) {
      const float width = std::min(random_.uniform(18.0F, 42.0F), at.end - s);
      const float setback = random_.uniform(3.0F, 16.0F);
      BuildingPlan plan{{width, random_.uniform(5.0F, 24.0F), random_.uniform(16.0F, 28.0F)}};
      plan.style = chance(random_, 0.6F) ? 3 : 2;
      front(at, s, width, at.edge() + at.side() * setback);
      add_building(builder_, random_, plan, detail());
      if (chance(random_, 0.7F)) {
        border(at, s, width * 0.7F, at.edge() + at.side() * 0.6F);
      }
      s += width + random_.uniform(3.0F, 18.0F);
      stand(at.street, s - 2, at.edge() + at.side() * random_.uniform(2.0F, 6.0F));
      add_tree(builder_, random_, site_.foliage, random_.uniform(5.0F, 9.0F), detail());
    }
  }

  void country(const Stretch& at) {
    if (chance(random_, 0.65F)) {
      const float begin = std::max(at.begin, random_.uniform(-10.0F, 25.0F));
      const float end = std::min(at.end, begin + random_.uniform(30.0F, 110.0F));
      const bool wall = chance(random_, 0.35F);
      const float height = random_.uniform(0.8F, 2.6F);
      const Random same = random_;  // all pieces alike
      for (float s = begin; s < end; s += 6.0F) {
        Random look = same;
        stand(at.street, s, at.edge() + at.side() * 0.8F);
        builder_.place(placed_at(builder_.placement().origin, at.street.heading(s + 3)));
        if (wall) {
          add_wall(builder_, look, 6.1F, height);
        } else {
          add_guard_rail(builder_, 6.0F);
        }
      }
      static_cast<void>(random_.next());
    }
    const float forest = random_.uniform();  // how dense the plants are here
    for (float s = at.begin; s < at.end; s += lerp(14.0F, 4.0F, forest)) {
      const float away = 2.0F + 34.0F * random_.uniform();
      stand(at.street, s + random_.uniform(0.0F, 4.0F), at.edge() + at.side() * away);
      const float kind = random_.uniform();
      if (kind < 0.5F) {
        add_tree(builder_, random_, site_.foliage, random_.uniform(6.0F, 15.0F), detail());
      } else if (kind < 0.65F) {
        add_conifer(builder_, random_, site_.foliage, random_.uniform(7.0F, 16.0F), detail());
      } else {
        add_bush(builder_, random_, site_.foliage, random_.uniform(0.8F, 2.4F), detail());
      }
    }
    if (chance(random_, 0.5F)) {
      const float width = random_.uniform(9.0F, 16.0F);
      const float away = random_.uniform(10.0F, 30.0F);
      front(at,
            lerp(at.begin, at.end, random_.uniform(0.2F, 0.7F)),
            width,
            at.edge() + at.side() * away);
      const Vec3 size{width, random_.uniform(4.0F, 6.0F), 10};
      add_building(builder_, random_, {size, RoofKind::GableAlong, 0, true}, detail());
    }
  }

  void lamps(const Stretch& at) {
    if (site_.district == District::Country && chance(random_, 0.6F)) {
      return;
    }
    const float step = random_.uniform(22.0F, 36.0F);
    const float t = at.plan.carriageway_edge(at.sign) + at.side() * 0.55F;
    for (float s = at.begin + random_.uniform(2.0F, step); s < std::min(at.end, 150.0F);
         s += step) {
      stand(at.street, s, t);
      Random look = random_;  // all lamps alike
      add_street_lamp(builder_, look, -at.side() * 1.8F, site_.lamps, detail());
    }
    static_cast<void>(random_.next());
  }

  void signs(const Stretch& at) {
    const float step = site_.district == District::Country ? 45.0F : 26.0F;
    const float t = at.plan.carriageway_edge(at.sign) + at.side() * 0.7F;
    for (float s = at.begin; s < std::min(at.end, 110.0F); s += step) {
      const float here = s + random_.uniform(0.0F, step);
      if (here < at.end && chance(random_, 0.75F)) {
        const bool backwards = at.sign < 0 && chance(random_, 0.6F);
        stand(at.street, here, t, backwards ? kPi : 0.0F);
        add_traffic_sign(builder_, random_, detail());
      }
    }
  }

  void street_trees(const Stretch& at) {
    const SidePlan& side = at.plan.side(at.sign);
    if (!chance(random_, side.verge > 0 ? 0.8F : 0.4F) ||
        (side.verge <= 0 && side.sidewalk < 2.5F)) {
      return;
    }
    const float t = side.verge > 0
                        ? (at.plan.carriageway_edge(at.sign) + at.plan.verge_edge(at.sign)) * 0.5F
                        : at.plan.carriageway_edge(at.sign) + at.side() * 0.9F;
    const float step = random_.uniform(9.0F, 17.0F);
    const float height = random_.uniform(5.0F, 11.0F);
    for (float s = at.begin + random_.uniform(1.0F, step); s < std::min(at.end, 160.0F);
         s += step) {
      stand(at.street, s + random_.uniform(-1.0F, 1.0F), t);
      add_tree(builder_, random_, site_.foliage, height * random_.uniform(0.85F, 1.15F), detail());
    }
  }

  void bins_and_bollards(const Stretch& at) {
    const float t = at.plan.verge_edge(at.sign) + at.side() * 0.4F;
    const int bins = static_cast<int>(random_.below(4));
    for (int i = 0; i < bins; ++i) {
      stand(at.street,
            lerp(at.begin, std::min(at.end, 70.0F), random_.uniform()),
            at.edge() - at.side() * 0.6F);
      add_bin(builder_, random_);
    }
    if (chance(random_, 0.25F)) {
      const float from = random_.uniform(4.0F, 30.0F);
      for (float s = std::max(from, at.begin); s < std::min(at.end, from + 22); s += 1.8F) {
        stand(at.street, s, t);
        add_bollard(builder_, detail());
      }
    }
  }

  Builder& builder_;
  Random& random_;
  const Site& site_;
};

}  // namespace

void fill_roadsides(Builder& builder, Random& random, const Site& site) {
  Roadside roadside(builder, random, site);
  const float begin = -14;
  const float end = site.street.s_end() - 30;
  for (const int sign : {-1, 1}) {
    if (!site.junction) {
      const Stretch all{site.street, site.plan, sign, begin, end};
      roadside.fill(all);
      roadside.furnish(all);
      continue;
    }
    const Junction& j = *site.junction;
    const float margin = j.plan.sidewalk_edge(1) - j.plan.carriageway_edge(1);
    const Stretch before{site.street, site.plan, sign, begin, j.begin - margin};
    const Stretch after{site.street, site.plan, sign, j.end + margin, end};
    for (const Stretch& stretch : {before, after}) {
      roadside.fill(stretch);
      roadside.furnish(stretch);
    }
    // The corners belong to the main street's houses: 16 m deep.
    const float corner = 16.0F;
    roadside.fill({j.cross, j.plan, sign, site.plan.sidewalk_edge(1) + corner, 95});
    roadside.fill({j.cross, j.plan, sign, -95, site.plan.sidewalk_edge(-1) - corner});
  }
  if (site.junction) {
    roadside.junction_lights(*site.junction);
  }
  roadside.backdrop();
}

}  // namespace mtmi::scenes
