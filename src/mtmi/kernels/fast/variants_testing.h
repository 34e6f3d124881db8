// What the tests of the fast kernels share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/kernels/fast/fast_kernels.h"

namespace mtmi::kernels {

/// The tables that this processor can run.
inline std::vector<FastKernels> runnable_kernels() {
  std::vector<FastKernels> all;
  for (const FastKernels& kernels : all_fast_kernels()) {
    if (has_isa(kernels.isa)) {
      all.push_back(kernels);
    }
  }
  return all;
}

inline std::vector<float> random_floats(std::int64_t n, Random& random, float bound = 1.0F) {
  std::vector<float> values(static_cast<std::size_t>(n));
  for (float& x : values) {
    x = random.uniform(-bound, bound);
  }
  return values;
}

inline void expect_near(const std::vector<float>& got,
                        const std::vector<float>& expected,
                        float tolerance,
                        const std::string& what) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], expected[i], tolerance) << what << ", element " << i;
  }
}

}  // namespace mtmi::kernels
