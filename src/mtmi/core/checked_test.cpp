#include "mtmi/core/checked.h"

#include <limits>

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

TEST(Checked, ComputesWhatFits) {
  EXPECT_EQ(checked_add(kMax, kMin), -1);
  EXPECT_EQ(checked_sub(-1, kMax), kMin);
  EXPECT_EQ(checked_mul(std::int64_t{1} << 31, std::int64_t{1} << 31), std::int64_t{1} << 62);
}

TEST(Checked, RefusesWhatDoesNot) {
  EXPECT_THROW(static_cast<void>(checked_add(kMax, 1)), Error);
  EXPECT_THROW(static_cast<void>(checked_sub(kMin, 1)), Error);
  EXPECT_THROW(static_cast<void>(checked_mul(kMax, 2)), Error);
}

TEST(FloorAndCeilDiv, RoundNegativeNumbersToo) {
  EXPECT_EQ(floor_div(7, 2), 3);
  EXPECT_EQ(floor_div(-7, 2), -4);
  EXPECT_EQ(ceil_div(7, 2), 4);
  EXPECT_EQ(ceil_div(-7, 2), -3);
  EXPECT_EQ(floor_div(-6, 2), -3);
  EXPECT_EQ(ceil_div(6, 2), 3);
}

}  // namespace
}  // namespace mtmi
