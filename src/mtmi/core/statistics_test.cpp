#include "mtmi/core/statistics.h"

#include <numeric>

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(Summarize, TakesTheMiddle) {
  EXPECT_EQ(summarize({3.0, 1.0, 2.0}).median, 2.0);
  EXPECT_EQ(summarize({4.0, 1.0, 2.0, 3.0}).median, 2.5);
  EXPECT_EQ(summarize({7.0}).low, 7.0);
}

// For n = 100 the tables give the 40th and the 61st value.
TEST(Summarize, IntervalHasTheTabulatedRanks) {
  std::vector<double> sample(100);
  std::iota(sample.begin(), sample.end(), 1.0);
  const Summary s = summarize(sample);
  EXPECT_EQ(s.low, 40.0);
  EXPECT_EQ(s.high, 61.0);
  EXPECT_EQ(s.p99, 99.0);
}

}  // namespace
}  // namespace mtmi
