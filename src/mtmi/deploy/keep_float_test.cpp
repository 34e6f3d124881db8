#include "mtmi/deploy/keep_float.h"

#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/register_all.h"
#include "mtmi/core/file.h"
#include "mtmi/deploy/deploy_for_tests.h"
#include "mtmi/quant/scale_file.h"
#include "mtmi/scenes/dataset.h"

namespace mtmi::deploy {
namespace {

using testing::IsEmpty;

/// A depth in metres, and what `more` adds behind %r.
std::string network_with(const std::string& more) {
  return R"(graph "depth" {
  input %image: f32[1,3,32,64]
  const %w1: f32[8,3,3,3] = random(1)
  const %w2: f32[8,8,1,1] = random(2)
  const %wd: f32[1,8,1,1] = random(4)
  const %tenth: f32[1] = [0.1]
  const %up: f32[4] = [1, 1, 4, 4]
  const %range: f32[] = [80]
  %a = Conv(%image, %w1) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f = Relu(%a)
  %h = Conv(%f, %w2)
  %r = Relu(%h)
  %d = Conv(%r, %wd)
  %e = Mul(%d, %tenth)
  %s = Sigmoid(%e)
  %near = Resize(%s, _, %up) {mode = "linear"}
  %depth = Mul(%near, %range)
)" + more +
         "  output %depth\n}";
}

/// A bundle with one head, a depth in INT8, and scenes.
class KeepFloatTest : public testing::Test {
 protected:
  KeepFloatTest() {
    register_all_backends(registry_);
    small_.use_int8();
    small_.use_network(network_with("").c_str());
    small_.options().cut = {"f"};
    scenes::write_dataset(
        scenes(),
        {.seed = 3000, .first = 0, .count = 2, .size = {.height = 32, .width = 64}},
        [](std::int64_t) {});
    deployment_ = small_.run();
  }

  [[nodiscard]] std::filesystem::path scenes() const { return small_.inputs() / "scenes"; }

  [[nodiscard]] std::map<std::string, std::vector<std::string>> choose(
      const KeepFloatOptions& options) const {
    return choose_kept_tensors(
        small_.folder(), scenes(), options, registry_, [](const Progress&) {});
  }

  /// The scales of the bundle's one INT8 head.
  [[nodiscard]] quant::ScaleTable scales() const {
    for (const bundle::Part& part : deployment_.manifest.parts) {
      if (const auto file = part.scales.find("json"); file != part.scales.end()) {
        return quant::read_scales(small_.folder() / file->second.path).table;
      }
    }
    return {};
  }

  SmallDeploy small_;
  Registry registry_;
  Deployment deployment_;
};

TEST_F(KeepFloatTest, TheMostGuiltyAreAsManyAsWanted) {
  const auto kept = choose({.count = 2, .time_factor = 100.0, .scenes = 2, .limits = {}});
  ASSERT_EQ(kept.size(), 1U);
  ASSERT_EQ(kept.begin()->second.size(), 2U);
  EXPECT_NE(kept.begin()->second[0], kept.begin()->second[1]);
  for (const std::string& tensor : kept.begin()->second) {
    EXPECT_TRUE(scales().tensors.contains(tensor)) << tensor;
  }
}

TEST_F(KeepFloatTest, WhatTakesMoreTimeThanAllowedIsPassedOver) {
  const auto kept = choose({.count = 100, .time_factor = 1.0, .scenes = 2, .limits = {}});
  const auto all = choose({.count = 100, .time_factor = 100.0, .scenes = 2, .limits = {}});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_LT(kept.empty() ? 0U : kept.begin()->second.size(), all.begin()->second.size());
}

TEST_F(KeepFloatTest, AHeadThatLosesLittleIsLeftAlone) {
  const eval::GateLimits generous{.miou = 1.0, .abs_rel_relative = 10.0, .abs_rel = 10.0};
  EXPECT_THAT(choose({.count = {}, .time_factor = 100.0, .scenes = 2, .limits = generous}),
              IsEmpty());
}

/// A head that gives labels as well: the result with the tighter limit says what is most guilty.
TEST_F(KeepFloatTest, TheResultsOfAHeadAreWeighedByWhatEachMayLose) {
  small_.use_network(network_with(R"(
  const %w3: f32[19,8,1,1] = random(3)
  %scores = Conv(%r, %w3)
  %wide = Resize(%scores, _, %up) {mode = "linear"}
  %seg = ArgMax(%wide) {axis = 1, keepdims = 0}
  output %seg
)")
                         .c_str());
  deployment_ = small_.run();
  const eval::GateLimits strict_depth{.miou = 1.0, .abs_rel_relative = 0.0, .abs_rel = 1e-9};
  const eval::GateLimits strict_seg{.miou = 1e-9, .abs_rel_relative = 10.0, .abs_rel = 10.0};
  const auto guiltiest = [this](const eval::GateLimits& limits) {
    return choose({.count = 1, .time_factor = 100.0, .scenes = 2, .limits = limits});
  };
  EXPECT_EQ(guiltiest(strict_depth).size(), 1U);
  EXPECT_NE(guiltiest(strict_depth), guiltiest(strict_seg));
}

}  // namespace
}  // namespace mtmi::deploy
