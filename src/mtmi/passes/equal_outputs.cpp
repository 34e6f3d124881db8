#include "mtmi/passes/equal_outputs.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace mtmi::passes {

void expect_equal_outputs(const TensorMap& expected, const TensorMap& got) {
  ASSERT_EQ(expected.size(), got.size());
  for (const auto& [name, tensor] : expected) {
    const auto it = got.find(name);
    ASSERT_NE(it, got.end()) << "output '" << name << "' is gone";
    ASSERT_EQ(tensor.dtype(), it->second.dtype());
    ASSERT_EQ(tensor.shape(), it->second.shape());
    if (tensor.dtype() != DType::Float32) {
      EXPECT_TRUE(bitwise_equal(tensor, it->second)) << name;
      continue;
    }
    const auto a = tensor.data<float>();
    const auto b = it->second.data<float>();
    float largest = 1e-3F;
    float difference = 0.0F;
    for (std::size_t i = 0; i < a.size(); ++i) {
      largest = std::max(largest, std::abs(a[i]));
      difference = std::max(difference, std::abs(a[i] - b[i]));
    }
    EXPECT_LE(difference, 1e-4F * largest) << name;
  }
}

}  // namespace mtmi::passes
