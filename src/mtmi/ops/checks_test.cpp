#include "mtmi/ops/checks.h"

#include <limits>

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::ops {
namespace {

using Axes = std::vector<std::int64_t>;

template <class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(NormalizedAxis, CountsFromTheEnd) {
  EXPECT_EQ(normalized_axis(-1, 4), 3);
  EXPECT_EQ(normalized_axis(-4, 4), 0);
  EXPECT_EQ(normalized_axis(3, 4), 3);
}

TEST(NormalizedAxis, OutOfRangeIsRefused) {
  EXPECT_EQ(message_of([] { static_cast<void>(normalized_axis(4, 4)); }),
            "got axis 4, expected one from -4 to 3");
  EXPECT_EQ(message_of([] { static_cast<void>(normalized_axis(0, 0)); }),
            "got axis 0, expected none: the tensor is a scalar");
  constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
  EXPECT_THROW(static_cast<void>(normalized_axis(kLowest, 2)), Error);
}

TEST(NormalizedAxes, KeepTheirOrder) {
  EXPECT_EQ(normalized_axes(Axes{-1, 0}, 3), (std::vector<int>{2, 0}));
}

TEST(NormalizedAxes, TheSameAxisTwiceIsRefused) {
  EXPECT_EQ(message_of([] {
              static_cast<void>(normalized_axes(Axes{1, -2}, 3));
            }),
            "got axes [1,-2], expected every axis once");
}

TEST(CheckedArithmetic, OverflowIsRefused) {
  constexpr auto kHuge = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(checked_product(3, 4), 12);
  EXPECT_EQ(checked_sum(3, 4), 7);
  EXPECT_THROW(static_cast<void>(checked_product(kHuge, 2)), Error);
  EXPECT_THROW(static_cast<void>(checked_sum(kHuge, 1)), Error);
}

}  // namespace
}  // namespace mtmi::ops
