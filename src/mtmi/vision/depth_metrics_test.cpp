#include "mtmi/vision/depth_metrics.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::vision {
namespace {

constexpr float kCap = 80.0F;

struct Depths {
  std::vector<float> truth;
  std::vector<float> predicted;
};

// 0 to 100 m, predicted within half; what tests/data/make_recorded_metrics.py draws, too.
Depths random_depths(int pixels) {
  Random random(7);
  Depths depths;
  for (int i = 0; i < pixels; ++i) {
    depths.truth.push_back(static_cast<float>(random.next() % 25600) / 256.0F);
    depths.predicted.push_back(depths.truth.back() * (0.5F + random.uniform()));
  }
  return depths;
}

DepthErrors errors_of(const Depths& depths) {
  DepthErrors errors;
  errors.add(depths.truth, depths.predicted, kCap);
  return errors;
}

// Terms are rounded to 2^-36, so means are within 2^-37; roots of them a little more.
constexpr double kTolerance = 1e-10;

TEST(DepthMetrics, AreThoseOfNumPy) {
  const DepthErrors errors = errors_of(random_depths(4000));
  EXPECT_EQ(errors.pixels, 3246U);
  const DepthMetrics metrics = depth_metrics(errors);
  EXPECT_NEAR(metrics.abs_rel, 0.23007649112821177, kTolerance);
  EXPECT_NEAR(metrics.sq_rel, 2.696137610564569, kTolerance);
  EXPECT_NEAR(metrics.rmse, 11.593079528049088, kTolerance);
  EXPECT_NEAR(metrics.rmse_log, 0.2964273774882946, kTolerance);
  EXPECT_NEAR(metrics.si_log, 29.098733184227587, 1e-8);
  EXPECT_EQ(metrics.delta[0], 0.5089340727048676);
  EXPECT_EQ(metrics.delta[1], 0.8690696241528034);
  EXPECT_EQ(metrics.delta[2], 0.9913739987677141);
}

TEST(DepthMetrics, AreThoseOfPlainDoubles) {
  const Depths depths = random_depths(5000);
  double abs_rel = 0.0;
  double squared = 0.0;
  int pixels = 0;
  for (std::size_t i = 0; i < depths.truth.size(); ++i) {
    const double t = depths.truth[i];
    const double p = std::min(depths.predicted[i], kCap);
    if (t > 0.0 && t <= 80.0) {
      abs_rel += std::abs(p - t) / t;
      squared += (p - t) * (p - t);
      ++pixels;
    }
  }
  const DepthMetrics metrics = depth_metrics(errors_of(depths));
  EXPECT_NEAR(metrics.abs_rel, abs_rel / pixels, kTolerance);
  EXPECT_NEAR(metrics.rmse, std::sqrt(squared / pixels), kTolerance);
}

TEST(DepthMetrics, SumsDoNotDependOnTheOrder) {
  const Depths depths = random_depths(3000);
  const std::span truth(depths.truth);
  const std::span predicted(depths.predicted);
  DepthErrors parts;
  parts.add(truth.subspan(1100), predicted.subspan(1100), kCap);
  DepthErrors first;
  first.add(truth.first(1100), predicted.first(1100), kCap);
  parts += first;
  EXPECT_EQ(parts, errors_of(depths));
}

TEST(DepthMetrics, PixelsWithoutTruthOrBeyondTheCapAreLeftOut) {
  const DepthErrors errors = errors_of(
      {.truth = {0.0F, 80.0F, 80.00391F, 10.0F}, .predicted = {5.0F, 80.0F, 1.0F, 10.0F}});
  EXPECT_EQ(errors.pixels, 2U);
  EXPECT_EQ(depth_metrics(errors).abs_rel, 0.0);
}

TEST(DepthMetrics, PredictionsAreBroughtIntoTheRange) {
  EXPECT_EQ(errors_of({.truth = {40.0F}, .predicted = {1e30F}}),
            errors_of({.truth = {40.0F}, .predicted = {kCap}}));
  const DepthErrors nearest = errors_of({.truth = {40.0F}, .predicted = {kNearestDepth}});
  for (const float bad : {0.0F, -3.0F, std::nanf(""), -std::numeric_limits<float>::infinity()}) {
    EXPECT_EQ(errors_of({.truth = {40.0F}, .predicted = {bad}}), nearest) << bad;
  }
}

TEST(DepthMetrics, TheWorstPossibleErrorsFit) {
  const std::vector<float> truth(100000, 1.0F / 256.0F);
  const std::vector<float> predicted(truth.size(), kLargestDepthCap);
  DepthErrors errors;
  errors.add(truth, predicted, kLargestDepthCap);
  const double t = 1.0 / 256.0;
  EXPECT_NEAR(depth_metrics(errors).sq_rel, (256.0 - t) * (256.0 - t) / t, 1e-6);
}

TEST(DepthMetrics, SiLogForgivesACommonFactor) {
  Depths depths = random_depths(1000);
  for (std::size_t i = 0; i < depths.truth.size(); ++i) {
    depths.truth[i] = std::min(depths.truth[i], 60.0F);
    depths.predicted[i] = 1.25F * depths.truth[i];
  }
  EXPECT_NEAR(depth_metrics(errors_of(depths)).si_log, 0.0, 1e-2);
  EXPECT_NEAR(depth_metrics(errors_of(depths)).rmse_log, std::log(1.25), 1e-6);
}

TEST(DepthMetrics, TheMeanIsOverImagesThatHavePixels) {
  const DepthErrors near = errors_of({.truth = {10.0F}, .predicted = {12.0F}});
  const DepthErrors far =
      errors_of({.truth = {20.0F, 20.0F, 20.0F}, .predicted = {20.0F, 20.0F, 20.0F}});
  const DepthMetrics mean = mean_depth_metrics(std::vector{near, DepthErrors{}, far});
  EXPECT_NEAR(mean.abs_rel, 0.1, kTolerance);
  EXPECT_NEAR(mean.rmse, 1.0, kTolerance);
  EXPECT_EQ(mean_depth_metrics({}).abs_rel, 0.0);
}

}  // namespace
}  // namespace mtmi::vision
