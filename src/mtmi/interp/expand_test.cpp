#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Ints = std::vector<std::int32_t>;
using ops::ints;

TEST(EvaluateExpand, RepeatsAxesOfExtentOne) {
  EXPECT_EQ(values<std::int32_t>({"Expand", {counting(Shape{2, 1}), ints({2, 1, 2})}}),
            (Ints{0, 0, 1, 1, 0, 0, 1, 1}));
}

TEST(EvaluateTile, RepeatsWholeAxes) {
  EXPECT_EQ(values<std::int32_t>({"Tile", {counting(Shape{2, 2}), ints({2, 2})}}),
            (Ints{0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3}));
  EXPECT_EQ(evaluate_one({"Tile", {counting(Shape{2}), ints({0})}}).shape(), Shape{0});
}

TEST(EvaluateExpand, OverTheMemoryLimitIsRefused) {
  try {
    static_cast<void>(
        evaluate_one({"Expand", {counting(Shape{1}), ints({std::int64_t{1} << 50})}}));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::OutOfMemory);
  }
}

}  // namespace
}  // namespace mtmi::interp
