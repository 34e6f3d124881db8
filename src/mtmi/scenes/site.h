// What all who build at a scene share.
#pragma once

#include <algorithm>
#include <optional>

#include "mtmi/scenes/builder.h"
#include "mtmi/scenes/plants.h"
#include "mtmi/scenes/street.h"

namespace mtmi::scenes {

/// The kind of neighbourhood.
enum class District {
  Town,      ///< rows of houses and shops, wide pavements, parked cars
  Suburb,    ///< houses in gardens
  Commerce,  ///< offices, halls, car parks
  Country,   ///< fields, trees, guard rails
};

/// Where two streets meet: [begin, end] of the main street's s lies on the crossing carriageway.
struct Junction {
  Street cross;
  StreetPlan plan;
  float begin;
  float end;
};

/// A scene's ground plan.
struct Site {
  District district;
  Street street;
  Street land;  ///< straight on, as wide as the world: the ground under everything
  StreetPlan plan;
  std::optional<Junction> junction;
  Foliage foliage;
  float lamps;  ///< the Light's
  float focal;  ///< [pixels]

  /// Pixels per metre at `point`; less where it is only seen by its shadow.
  [[nodiscard]] float detail_at(Vec3 point) const {
    const float aside = point.x < 0 ? -point.x : point.x;
    const bool is_seen = aside < 1.2F * point.z + 9.0F;
    return focal * (is_seen ? 1.0F : 0.25F) / std::max(3.0F, length(point));
  }

  /// Whether nothing may stand on the main street's side at s: the junction and its crossings.
  [[nodiscard]] bool is_junction(float s, float margin) const {
    return junction && s > junction->begin - margin && s < junction->end + margin;
  }
};

}  // namespace mtmi::scenes
