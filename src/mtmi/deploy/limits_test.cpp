#include "mtmi/deploy/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::deploy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

bundle::Verified labels() {
  bundle::Verified verified;
  verified.output = "seg";
  verified.type = "i64";
  verified.equal_fraction = 0.98;
  return verified;
}

bundle::Verified depth() {
  bundle::Verified verified;
  verified.output = "depth";
  verified.type = "f32";
  verified.equal_fraction = 0.0;  // floats are never compared by equality
  verified.relative_change = 0.03;
  verified.sqnr_db = 28.0;
  return verified;
}

TEST(Limits, WithoutLimitsEverythingIsWithin) {
  EXPECT_THAT(beyond_limits(labels(), {}), IsEmpty());
  EXPECT_THAT(beyond_limits(depth(), {}), IsEmpty());
}

TEST(Limits, LabelsMayChangeUpToTheirLimit) {
  AgreementLimits limits;
  limits.max_labels_changed = 0.021;
  EXPECT_THAT(beyond_limits(labels(), limits), IsEmpty());
  limits.max_labels_changed = 0.01;
  EXPECT_THAT(beyond_limits(labels(), limits),
              ElementsAre(HasSubstr("output 'seg': 0.0200 of the labels changed")));
  EXPECT_THAT(beyond_limits(depth(), limits), IsEmpty());
}

TEST(Limits, DepthAndNoiseAreSaidApart) {
  AgreementLimits limits;
  limits.max_depth_change = 0.02;
  limits.min_sqnr = 30.0;
  EXPECT_THAT(beyond_limits(depth(), limits),
              ElementsAre(HasSubstr("depth changed by 0.0300"), HasSubstr("28.0 dB")));
  limits = {};
  limits.max_depth_change = 0.03;
  limits.min_sqnr = 28.0;
  EXPECT_THAT(beyond_limits(depth(), limits), IsEmpty());
}

TEST(Limits, WhatWasNotMeasuredIsNotBeyond) {
  bundle::Verified unmeasured = depth();
  unmeasured.relative_change.reset();
  unmeasured.sqnr_db.reset();
  AgreementLimits limits;
  limits.max_depth_change = 0.0;
  limits.min_sqnr = 100.0;
  EXPECT_THAT(beyond_limits(unmeasured, limits), IsEmpty());
}

const std::vector<LimitedHead> kHeads{
    {.name = "seg", .is_narrow = true, .has_labels = true, .has_depth = false},
    {.name = "boxes", .is_narrow = true, .has_labels = false, .has_depth = false},
    {.name = "depth", .is_narrow = false, .has_labels = false, .has_depth = true}};

TEST(Limits, ThoseOfOneHeadMustFitIt) {
  Target target;
  target.heads["seg"].limits.max_labels_changed = 0.1;
  target.heads["seg"].limits.min_sqnr = 20.0;
  EXPECT_THAT(find_idle_limit(target, kHeads), IsEmpty());
  target.heads["seg"].limits.max_depth_change = 0.1;
  EXPECT_THAT(find_idle_limit(target, kHeads),
              HasSubstr("head 'seg': max_depth_change wants a head that gives depth"));
}

TEST(Limits, AHeadInFloat32CannotHaveAny) {
  Target target;
  target.heads["depth"].limits.max_depth_change = 0.1;
  EXPECT_THAT(find_idle_limit(target, kHeads), HasSubstr("the head runs in neither"));
}

TEST(Limits, ThoseForAllHeadsMustFitOne) {
  Target target;
  target.head_defaults.limits.max_labels_changed = 0.1;
  target.head_defaults.limits.min_sqnr = 20.0;
  EXPECT_THAT(find_idle_limit(target, kHeads), IsEmpty());
  target.head_defaults.limits.max_depth_change = 0.1;
  EXPECT_THAT(find_idle_limit(target, kHeads),
              HasSubstr("no head that runs in INT8 or bf16 gives depth"));
}

TEST(Limits, NoneIsNoLimit) {
  Target target;
  EXPECT_FALSE(has_limits(target));
  EXPECT_THAT(find_idle_limit(target, {}), IsEmpty());
  target.heads["seg"].limits.min_sqnr = 20.0;
  EXPECT_TRUE(has_limits(target));
}

}  // namespace
}  // namespace mtmi::deploy
