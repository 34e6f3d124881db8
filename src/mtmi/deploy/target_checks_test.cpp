#include "mtmi/deploy/target_checks.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/deploy/deploy_for_tests.h"
#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

using testing::HasSubstr;

/// What `check` says of the target; empty: nothing.
std::string refusal_of(const std::function<void()>& check) {
  try {
    check();
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    return error.what();
  }
}

Outline two_heads() {
  Outline outline;
  outline.heads.resize(2);
  outline.heads[0].name = "seg";
  outline.heads[1].name = "depth";
  return outline;
}

TEST(RequireKnownHeads, NamesTheHeadThatTheNetworkHasNotAndThoseThatItHas) {
  Target target;
  target.name = "mine";
  target.heads["depth"].every = 2;
  EXPECT_EQ(refusal_of([&] { require_known_heads(target, two_heads()); }), "");
  target.heads["lanes"].every = 2;
  EXPECT_THAT(
      refusal_of([&] { require_known_heads(target, two_heads()); }),
      HasSubstr("target 'mine' speaks of head 'lanes'; the network's heads are: seg depth"));
}

TEST(RequireFittingStandBys, TakesAnotherDeviceOfTheSameKindOnly) {
  Target target;
  target.head_devices = {"dla_sim:0"};
  target.heads["depth"].stand_by = "dla_sim:1";
  const auto check = [&] { require_fitting_stand_bys(target, list_parts(two_heads(), target)); };
  EXPECT_EQ(refusal_of(check), "");
  target.heads["depth"].stand_by = "cpu";
  EXPECT_THAT(refusal_of(check),
              HasSubstr("'depth' runs on dla_sim:0, and its stand_by cpu is of another kind"));
}

TEST(RequireFittingLimits, RefusesALimitThatJudgesNothing) {
  SmallDeploy small;
  small.options().target.heads["seg"].limits.max_depth_change = 0.1;
  EXPECT_THAT(refusal_of([&] { (void)small.run(); }), HasSubstr("'seg'"));
}

TEST(RequireKeptTensors, NamesATensorThatItsHeadHasNot) {
  SmallDeploy small;
  small.use_int8();
  small.options().target.heads["seg"].keep_float = {"s"};
  EXPECT_EQ(refusal_of([&] { (void)small.run(); }), "");
  small.options().target.heads["seg"].keep_float = {"s", "t"};
  EXPECT_THAT(refusal_of([&] { (void)small.run(); }),
              HasSubstr("keep_float: head 'seg' has no tensor 't' as it is built"));
}

TEST(RequireKeptTensors, OfAllHeadsWantsEachTensorInOneOfThem) {
  SmallDeploy small;
  small.use_int8();
  small.options().target.head_defaults.keep_float = {"s", "t"};
  EXPECT_EQ(refusal_of([&] { (void)small.run(); }), "") << "s of seg, t of depth";
  small.options().target.head_defaults.keep_float = {"s", "nowhere"};
  EXPECT_THAT(refusal_of([&] { (void)small.run(); }),
              HasSubstr("keep_float: no head has a tensor 'nowhere' as it is built"));
}

}  // namespace
}  // namespace mtmi::deploy
