#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

TEST(EvaluateGridSample, ReadsTwoAndThreeDimensions) {
  const Tensor image = tensor<float>(Shape{1, 1, 2, 2}, {1, 2, 3, 4});
  const Tensor centre = tensor<float>(Shape{1, 1, 1, 2}, {0, 0});
  EXPECT_EQ(values<float>({"GridSample", {image, centre}}), std::vector<float>{2.5F});
  const Tensor volume = tensor<float>(Shape{1, 1, 1, 2, 2}, {1, 2, 3, 4});
  const Tensor corner = tensor<float>(Shape{1, 1, 1, 1, 3}, {0.5F, -0.5F, 0});
  EXPECT_EQ(values<float>({"GridSample", {volume, corner}}), std::vector<float>{2.0F});
}

}  // namespace
}  // namespace mtmi::interp
