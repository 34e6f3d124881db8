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

TEST(CheckedShape, RefusesWhatIsNoShapeAsADamagedModel) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 40;
  EXPECT_EQ(checked_shape({2, 0}), (Shape{2, 0}));
  for (const std::vector<std::int64_t>& extents :
       {std::vector{-kHuge}, std::vector{kHuge, kHuge}}) {
    try {
      static_cast<void>(checked_shape(extents));
      ADD_FAILURE();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::InvalidModel);
    }
  }
}

}  // namespace
}  // namespace mtmi::ops
