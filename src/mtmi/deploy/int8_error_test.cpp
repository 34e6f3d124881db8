#include "mtmi/deploy/int8_error.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

Tensor tensor_of(const std::vector<float>& values) {
  Tensor tensor(DType::Float32, Shape{static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), tensor.data<float>().begin());
  return tensor;
}

TEST(Int8Error, NothingAddedIsNoNoise) {
  const Int8Error error;
  EXPECT_FALSE(error.sqnr_db());
  EXPECT_EQ(error.relative_change(), 0.0);
}

TEST(Int8Error, EqualTensorsHaveNoNoise) {
  Int8Error error;
  error.add_values(tensor_of({1.0F, -2.0F}), tensor_of({1.0F, -2.0F}));
  EXPECT_FALSE(error.sqnr_db());
}

TEST(Int8Error, ATenthOfTheSignalIsTwentyDecibels) {
  Int8Error error;
  error.add_values(tensor_of({10.0F, -20.0F}), tensor_of({11.0F, -22.0F}));
  EXPECT_NEAR(*error.sqnr_db(), 20.0, 1e-9);
  EXPECT_NEAR(error.relative_change(), 0.1, 1e-12);
}

TEST(Int8Error, TensorsAddUpElementByElement) {
  Int8Error apart;
  apart.add_values(tensor_of({1.0F, 2.0F}), tensor_of({1.5F, 2.0F}));
  apart.add_values(tensor_of({3.0F}), tensor_of({2.0F}));
  Int8Error together;
  together.add_values(tensor_of({1.0F, 2.0F, 3.0F}), tensor_of({1.5F, 2.0F, 2.0F}));
  EXPECT_EQ(apart.sqnr_db(), together.sqnr_db());
  EXPECT_EQ(apart.relative_change(), together.relative_change());
}

TEST(Int8Error, AnExpectedZeroHasNoRelativeChange) {
  Int8Error error;
  error.add_values(tensor_of({0.0F, 1.0F}), tensor_of({5.0F, 1.5F}));
  EXPECT_NEAR(error.relative_change(), 0.5, 1e-12);
}

TEST(Int8Error, TensorsOfOtherShapesAreRefused) {
  Int8Error error;
  EXPECT_THROW(error.add_values(tensor_of({1.0F}), tensor_of({1.0F, 2.0F})), Error);
}

}  // namespace
}  // namespace mtmi::deploy
