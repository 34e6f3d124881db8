#include "mtmi/eval/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::eval {
namespace {

std::vector<double> normal_sample(std::size_t count, std::uint64_t seed, double mean) {
  Random random(seed);
  std::vector<double> values(count);
  for (double& value : values) {
    value = mean + static_cast<double>(random.normal());
  }
  return values;
}

Interval mean_interval(const std::vector<double>& values, const BootstrapOptions& options = {}) {
  return bootstrap(
      values.size(),
      [&](std::span<const std::size_t> drawn) {
        double sum = 0.0;
        for (const std::size_t i : drawn) {
          sum += values[i];
        }
        return sum / static_cast<double>(drawn.size());
      },
      options);
}

TEST(Bootstrap, IntervalsOfAMeanAreAboutTwoStandardErrors) {
  const Interval interval = mean_interval(normal_sample(400, 1, 3.0));
  const double error = 1.0 / std::sqrt(400.0);
  EXPECT_NEAR((interval.high - interval.low) / (2 * 1.96 * error), 1.0, 0.1);
}

TEST(Bootstrap, IntervalsCoverTheTruthAboutAsOftenAsTheySay) {
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Interval interval = mean_interval(normal_sample(60, seed, 0.5),
                                            {.replicates = 400, .seed = seed, .confidence = 0.95});
    covered += interval.contains(0.5) ? 1 : 0;
  }
  EXPECT_GE(covered, 180);
  EXPECT_LE(covered, 198);
}

TEST(Bootstrap, IsAFunctionOfItsSeed) {
  const std::vector<double> values = normal_sample(50, 2, 0.0);
  EXPECT_EQ(mean_interval(values), mean_interval(values));
  EXPECT_NE(mean_interval(values),
            mean_interval(values, {.replicates = 2000, .seed = 2, .confidence = 0.95}));
}

TEST(Bootstrap, EqualScenesLeaveNoDoubt) {
  const Interval interval = mean_interval(std::vector<double>(20, 0.25));
  EXPECT_EQ(interval.low, 0.25);
  EXPECT_EQ(interval.high, 0.25);
}

TEST(Bootstrap, EverySceneIsDrawnAboutEquallyOften) {
  std::vector<double> share(10, 0.0);
  for (std::size_t scene = 0; scene < share.size(); ++scene) {
    const Interval interval = bootstrap(share.size(), [&](std::span<const std::size_t> drawn) {
      return static_cast<double>(std::count(drawn.begin(), drawn.end(), scene));
    });
    EXPECT_EQ(interval.low, 0.0);
    EXPECT_EQ(interval.high, 3.0);
  }
}

}  // namespace
}  // namespace mtmi::eval
