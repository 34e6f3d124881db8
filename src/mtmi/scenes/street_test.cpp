#include "mtmi/scenes/street.h"

#include <gtest/gtest.h>

#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {
namespace {

TEST(Street, AStraightOneRunsAlongItsHeading) {
  const Street street({.origin = {1, 0, 2}, .heading = kPi / 2});
  const Vec3 p = street.at(10, 3, 0.5F);
  EXPECT_NEAR(p.x, 11, 1e-4F);
  EXPECT_NEAR(p.y, 0.5F, 1e-6F);
  EXPECT_NEAR(p.z, 2 - 3, 1e-4F);
}

TEST(Street, CurvesToTheRightForPositiveCurvatureAndKeepsItsLength) {
  const Street street({.origin = {}, .heading = 0, .curvature = 0.01F});
  EXPECT_GT(street.at(50, 0).x, 5);
  for (float s = -10; s < 150; s += 2.5F) {
    const float step = length(street.at(s + 0.5F, 0) - street.at(s, 0));
    EXPECT_NEAR(step, 0.5F, 0.005F) << s;
  }
}

TEST(Street, TheFirstTwelveMetresAreLevel) {
  const Street street({.origin = {}, .heading = 0, .grade = 0.07F});
  EXPECT_EQ(street.at(12, 5).y, 0.0F);
  EXPECT_GT(street.at(60, 5).y, 0.5F);
}

TEST(StreetPlan, EdgesLieInOrderOutwardsOnBothSides) {
  StreetPlan plan;
  plan.right = {.lanes = 2, .parking = 2, .cycle_path = 1.5F, .sidewalk = 3, .verge = 1};
  EXPECT_LT(plan.lane_t(1, 0), plan.lane_t(1, 1));
  EXPECT_LT(plan.lane_t(1, 1), plan.lanes_edge(1));
  EXPECT_LT(plan.lanes_edge(1), plan.carriageway_edge(1));
  EXPECT_LT(plan.carriageway_edge(1), plan.verge_edge(1));
  EXPECT_LT(plan.verge_edge(1), plan.sidewalk_edge(1));
  EXPECT_LT(plan.sidewalk_edge(-1), plan.carriageway_edge(-1));
}

}  // namespace
}  // namespace mtmi::scenes
