#include "mtmi/scenes/traffic.h"

#include <algorithm>

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/ground.h"
#include "mtmi/scenes/people.h"
#include "mtmi/scenes/vehicles.h"

namespace mtmi::scenes {
namespace {

class Traffic {
 public:
  Traffic(Builder& builder, Random& random, const Site& site)
      : builder_(builder), random_(random), site_(site), density_(random.uniform()) {}

  // Vehicles in one lane, from `from` on.
  void lane(const Street& street, float t, bool oncoming, float from, float to) {
    float s = from + random_.uniform(0.0F, lerp(35.0F, 6.0F, density_));
    while (s < to) {
      const float yaw = (oncoming ? kPi : 0.0F) + random_.uniform(-0.02F, 0.02F);
      stand(street, s, t + random_.uniform(-0.25F, 0.25F), yaw);
      s += vehicle();
      s += random_.uniform(3.0F, lerp(50.0F, 14.0F, density_));
    }
  }

  void parked(int sign) {
    const SidePlan& side = site_.plan.side(sign);
    if (side.parking <= 0) {
      return;
    }
    const float t =
        site_.plan.lanes_edge(sign) + static_cast<float>(sign) * (side.parking * 0.5F + 0.05F);
    const float full = random_.uniform(0.3F, 0.95F);
    for (float s = -7; s < 110; s += random_.uniform(5.4F, 6.4F)) {
      if (!chance(random_, full) || site_.is_junction(s, kCrossingReach + 2)) {
        continue;
      }
      const bool turned =
          sign < 0 ? !site_.plan.one_way || chance(random_, 0.1F) : chance(random_, 0.06F);
      stand(site_.street, s, t, (turned ? kPi : 0.0F) + random_.uniform(-0.03F, 0.03F));
      add_car(builder_, random_, pick_car(random_), 0, detail());
    }
  }

  void trams() {
    const bool oncoming = chance(random_, 0.5F);
    const float yaw = oncoming ? kPi : 0.0F;
    if (site_.plan.track > 0 && chance(random_, 0.85F)) {
      stand(site_.street, random_.uniform(20.0F, 70.0F), 0, yaw);
      add_tram(builder_, random_, site_.lamps, detail());
    }
    // A railway beside the road.
    if (site_.district == District::Country && chance(random_, 0.35F)) {
      const float side = chance(random_, 0.5F) ? 1.0F : -1.0F;
      const float away = site_.plan.carriageway_edge(1) + random_.uniform(5.0F, 14.0F);
      stand(site_.street, random_.uniform(25.0F, 80.0F), side * away, yaw);
      add_tram(builder_, random_, site_.lamps, detail());
    }
  }

  void cyclists(int sign) {
    const int count = chance(random_, 0.5F) ? 0 : static_cast<int>(random_.below(2)) + 1;
    for (int i = 0; i < count; ++i) {
      const float t = site_.plan.lanes_edge(sign) - 0.7F * static_cast<float>(sign);
      const bool oncoming = sign < 0 && !site_.plan.one_way;
      stand(site_.street, distance(7, 70), t, oncoming ? kPi : 0.0F);
      add_bicycle(builder_, random_, detail());
      add_rider(builder_, random_, Mount::Bicycle, detail());
    }
  }

  void parked_bicycles(int sign) {
    const SidePlan& side = site_.plan.side(sign);
    if (side.sidewalk <= 0 || !chance(random_, 0.5F)) {
      return;
    }
    const float s = distance(5, 50);
    const int count = static_cast<int>(random_.below(5)) + 1;
    const bool across = chance(random_, 0.5F);
    const bool motorcycles = chance(random_, 0.35F);
    for (int i = 0; i < count; ++i) {
      const float t = site_.plan.sidewalk_edge(sign) - 0.8F * static_cast<float>(sign);
      const float yaw = (across ? kPi / 2 : 0.0F) + random_.uniform(-0.2F, 0.2F);
      const float gap = across ? 0.6F : 2.0F;
      stand_beside(site_.street, s + gap * static_cast<float>(i), t, yaw);
      if (motorcycles) {
        add_motorcycle(builder_, random_, 0, detail());
      } else {
        add_bicycle(builder_, random_, detail());
      }
    }
  }

  void walkers(int sign) {
    const SidePlan& side = site_.plan.side(sign);
    const float busy = site_.district == District::Town       ? 20
                       : site_.district == District::Commerce ? 8
                       : site_.district == District::Suburb   ? 4
                                                              : 1;
    const int groups = static_cast<int>(busy * random_.uniform());
    for (int i = 0; i < groups; ++i) {
      const float s = distance(3.5F, 80);
      const float width = std::max(0.5F, side.sidewalk - 0.8F);
      const float out = 0.4F + width * random_.uniform();
      const float t = site_.plan.verge_edge(sign) + static_cast<float>(sign) * out;
      const float heading = chance(random_, 0.5F) ? 0.0F : kPi;
      const int members = chance(random_, 0.3F) ? 2 + static_cast<int>(random_.below(2)) : 1;
      for (int m = 0; m < members; ++m) {
        const float beside = 0.6F * static_cast<float>(m);
        stand_beside(site_.street,
                     s + 0.2F * beside,
                     t - beside * static_cast<float>(sign),
                     heading + random_.uniform(-0.4F, 0.4F));
        add_person(builder_, random_, detail());
      }
    }
  }

  // People who cross the street at the junction, or anywhere.
  void crossers() {
    const bool at_junction = site_.junction.has_value();
    const int count = static_cast<int>(random_.below(at_junction ? 5 : 2));
    for (int i = 0; i < count; ++i) {
      const float s = at_junction ? site_.junction->begin - random_.uniform(1.5F, 4.2F)
                                  : random_.uniform(12.0F, 45.0F);
      const float left = site_.plan.carriageway_edge(-1);
      const float right = site_.plan.carriageway_edge(1);
      const float heading = chance(random_, 0.5F) ? kPi / 2 : -kPi / 2;
      stand(site_.street, s, lerp(left, right, random_.uniform()), heading);
      if (s > 5) {
        add_person(builder_, random_, detail());
      }
    }
  }

  void cross_traffic() {
    const Junction& j = *site_.junction;
    const float clear = 2.0F;
    const float right = site_.plan.carriageway_edge(1) + clear;
    const float left = site_.plan.carriageway_edge(-1) - clear;
    const float t = j.plan.lane_t(1, 0);
    if (chance(random_, 0.6F)) {
      lane(j.cross, -t, true, right + 4, right + 45);
      lane(j.cross, t, false, left - 45, left - 6);
    }
    if (chance(random_, 0.35F)) {  // one that is just passing
      const bool from_right = chance(random_, 0.5F);
      const float s = random_.uniform(-4.0F, 4.0F);
      stand(j.cross, s, from_right ? -t : t, from_right ? kPi : 0.0F);
      add_car(builder_, random_, pick_car(random_), site_.lamps, detail());
    }
  }

 private:
  void stand(const Street& street, float s, float t, float yaw) {
    builder_.start_object(street.place(s, t, yaw));
  }

  void stand_beside(const Street& street, float s, float t, float yaw) {
    Placement placement = street.place(s, t, yaw);
    placement.origin.y += site_.plan.height_at(t);
    builder_.start_object(placement);
  }

  [[nodiscard]] float detail() const { return site_.detail_at(builder_.placement().origin); }

  // Between near and far, more often near: things close by are large in the picture and rare else.
  [[nodiscard]] float distance(float near, float far) {
    const float share = random_.uniform();
    return lerp(near, far, share * share);
  }

  // Adds one; returns its length. The vehicle's middle is at the placement.
  float vehicle() {
    const float kind = random_.uniform();
    const float lamps = site_.lamps;
    if (kind < 0.74F) {
      add_car(builder_, random_, pick_car(random_), lamps, detail());
      return 5;
    }
    if (kind < 0.85F) {
      builder_.place(builder_.placement().at({0, 0, 4}));
      add_truck(builder_, random_, lamps, detail());
      return 12;
    }
    if (kind < 0.92F) {
      builder_.place(builder_.placement().at({0, 0, 5}));
      add_bus(builder_, random_, lamps, detail());
      return 13;
    }
    add_motorcycle(builder_, random_, lamps, detail());
    add_rider(builder_, random_, Mount::Motorcycle, detail());
    return 3;
  }

  Builder& builder_;
  Random& random_;
  const Site& site_;
  float density_;
};

}  // namespace

void add_traffic(Builder& builder, Random& random, const Site& site, float own_lane_t) {
  Traffic traffic(builder, random, site);
  for (const int sign : {-1, 1}) {
    const bool oncoming = sign < 0 && !site.plan.one_way;
    for (int i = 0; i < site.plan.side(sign).lanes; ++i) {
      const float t = site.plan.lane_t(sign, i);
      const float off = t - own_lane_t;
      const bool own = off > -0.5F && off < 0.5F;
      const float to = oncoming && site.junction ? 130.0F : 150.0F;
      traffic.lane(site.street, t, oncoming, own ? 13.0F : 2.0F, to);
    }
    traffic.parked(sign);
    traffic.cyclists(sign);
    traffic.parked_bicycles(sign);
    traffic.walkers(sign);
  }
  traffic.crossers();
  traffic.trams();
  if (site.junction) {
    traffic.cross_traffic();
  }
}

}  // namespace mtmi::scenes
