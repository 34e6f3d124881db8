#include "mtmi/core/random_tensor.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(RandomTensor, TheSameSeedGivesTheSameElements) {
  const Tensor a = random_tensor(DType::Float32, Shape{100}, 1);
  EXPECT_TRUE(bitwise_equal(a, random_tensor(DType::Float32, Shape{100}, 1)));
  EXPECT_FALSE(bitwise_equal(a, random_tensor(DType::Float32, Shape{100}, 2)));
}

TEST(RandomTensor, KeepsToItsRange) {
  const Tensor floats = random_tensor(DType::Float32, Shape{1000}, 1, 0.5F, 2.0F);
  const auto f = floats.data<float>();
  EXPECT_TRUE(std::all_of(f.begin(), f.end(), [](float x) { return x >= 0.5F && x < 2.0F; }));

  const Tensor integers = random_tensor(DType::Int64, Shape{1000}, 1, -2.0F, 3.0F);
  const auto i = integers.data<std::int64_t>();
  EXPECT_EQ(*std::min_element(i.begin(), i.end()), -2);
  EXPECT_EQ(*std::max_element(i.begin(), i.end()), 2);

  const Tensor same = random_tensor(DType::UInt8, Shape{3}, 1, 7.0F, 7.0F);
  EXPECT_EQ(same.data<std::uint8_t>()[2], 7);
}

}  // namespace
}  // namespace mtmi
