#include "mtmi/core/agreement.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

Tensor floats(std::initializer_list<float> values) {
  return Tensor::from<float>(Shape{static_cast<std::int64_t>(values.size())}, values);
}

TEST(Agreement, FindsTheWorstElement) {
  const Agreement a = compare(floats({0.0F, 1.0F, 4.0F}), floats({0.0F, 1.5F, 4.25F}));
  EXPECT_FALSE(a.bit_equal);
  EXPECT_EQ(a.max_difference, 0.5);
  EXPECT_EQ(a.worst_index, 1);
  EXPECT_EQ(a.range, 4.0);
  EXPECT_EQ(a.relative_difference(), 0.125);
  EXPECT_TRUE(agrees(a, DType::Float32, 0.125));
  EXPECT_FALSE(agrees(a, DType::Float32, 0.124));
}

TEST(Agreement, NanOnOneSideNeverAgrees) {
  const float nan = std::nanf("");
  EXPECT_FALSE(agrees(compare(floats({1.0F}), floats({nan})), DType::Float32, 1e9));
  EXPECT_TRUE(agrees(compare(floats({nan}), floats({nan})), DType::Float32, 0.0));
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(agrees(compare(floats({infinity}), floats({-infinity})), DType::Float32, 1e9));
}

TEST(Agreement, LabelsAgreeAtFourNines) {
  Tensor expected(DType::Int64, Shape{20000});
  Tensor got = expected.clone();
  got.data<std::int64_t>()[5] = 3;
  EXPECT_TRUE(agrees(compare(expected, got), DType::Int64, 0.0));
  got.data<std::int64_t>()[6] = got.data<std::int64_t>()[7] = 1;
  EXPECT_FALSE(agrees(compare(expected, got), DType::Int64, 0.0));
}

TEST(Agreement, OneTieDoesNotFailASmallPicture) {
  const Tensor expected(DType::Int64, Shape{64, 64});
  Tensor got = expected.clone();
  got.data<std::int64_t>()[5] = 3;
  EXPECT_TRUE(agrees(compare(expected, got), DType::Int64, 0.0));
  const Tensor few(DType::Int64, Shape{10});
  Tensor other = few.clone();
  other.data<std::int64_t>()[0] = 1;
  EXPECT_FALSE(agrees(compare(few, other), DType::Int64, 0.0));
}

TEST(Agreement, OtherShapesAreRefused) {
  EXPECT_THROW(static_cast<void>(compare(floats({1.0F}), floats({1.0F, 2.0F}))), Error);
}

}  // namespace
}  // namespace mtmi
