#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using ops::ints;

TEST(EvaluateShape, GivesExtents) {
  const Tensor x = counting(Shape{2, 3, 4});
  EXPECT_EQ(values<std::int64_t>({"Shape", {x}, {{"start", std::int64_t{1}}}}),
            (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(values<std::int64_t>({"Size", {x}}), std::vector<std::int64_t>{24});
}

TEST(EvaluateConstantOfShape, Fills) {
  EXPECT_EQ(values<std::int64_t>({"ConstantOfShape", {ints({3})}, {{"value", ints({7})}}}),
            (std::vector<std::int64_t>{7, 7, 7}));
  EXPECT_EQ(values<float>({"ConstantOfShape", {ints({})}}), std::vector<float>{0});
}

TEST(EvaluateRange, Steps) {
  EXPECT_EQ(values<std::int64_t>({"Range", {ints({10}), ints({4}), ints({-3})}}),
            (std::vector<std::int64_t>{10, 7}));
  const auto scalar = [](float value) { return Tensor::from<float>(Shape{}, {value}); };
  EXPECT_EQ(values<float>({"Range", {scalar(1), scalar(2), scalar(0.5F)}}),
            (std::vector<float>{1.0F, 1.5F}));
}

}  // namespace
}  // namespace mtmi::interp
