#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "mtmi/core/half.h"
#include "mtmi/kernels/fast/bf16_kernels.h"
#include "mtmi/kernels/fast/gemm_problem_testing.h"
#include "mtmi/kernels/fast/packed_pairs.h"

namespace mtmi::kernels {
namespace {

std::vector<Bf16Kernels> runnable_bf16_kernels() {
  std::vector<Bf16Kernels> all;
  for (const Bf16Kernels& kernels : all_bf16_kernels()) {
    if (has_isa(kernels.isa)) {
      all.push_back(kernels);
    }
  }
  return all;
}

std::vector<BFloat16> rounded(const std::vector<float>& values) {
  std::vector<BFloat16> result;
  for (const float x : values) {
    result.push_back(to_bfloat16(x));
  }
  return result;
}

std::vector<BFloat16> packed_of(const PackedPairs& shape, const std::vector<float>& weights) {
  std::vector<BFloat16> packed(static_cast<std::size_t>(shape.num_elements()));
  pack_pairs(shape, weights.data(), shape.columns, 1, packed);
  return packed;
}

TEST(GemmBf16, EveryVariantAgreesWithTheReferenceOnOddSizes) {
  Random random(3);
  for (const Bf16Kernels& kernels : runnable_bf16_kernels()) {
    for (int i = 0; i < 80; ++i) {
      const GemmProblem<BFloat16> problem(70, 100, random, [](float x) { return to_bfloat16(x); });
      problem.expect_as_reference(kernels.gemm,
                                  packed_of({.segments = problem.segments,
                                             .segment_length = problem.length,
                                             .columns = problem.outputs},
                                            problem.weights),
                                  to_string(kernels.isa));
    }
  }
}

TEST(GemmBf16, TheCutOfTheColumnsDoesNotChangeABit) {
  Random random(4);
  constexpr std::int64_t kDepth = 37;
  constexpr std::int64_t kOutputs = 70;
  constexpr std::int64_t kColumns = 59;
  const auto src = rounded(random_floats(kDepth * kColumns, random));
  const auto packed = packed_of({.segments = 1, .segment_length = kDepth, .columns = kOutputs},
                                random_floats(kDepth * kOutputs, random));
  for (const Bf16Kernels& kernels : runnable_bf16_kernels()) {
    const auto run = [&](std::int64_t cut) {
      return multiply_in_pieces(kernels.gemm, src, packed, kOutputs, kColumns, cut);
    };
    EXPECT_EQ(run(kColumns), run(1)) << to_string(kernels.isa);
    EXPECT_EQ(run(kColumns), run(7)) << to_string(kernels.isa);
    EXPECT_EQ(run(kColumns), run(40)) << to_string(kernels.isa);
  }
}

TEST(RoundBf16, EveryVariantRoundsHalfToEven) {
  std::vector<float> values{0.0F,
                            -0.0F,
                            1.0F,
                            1.0F + std::ldexp(1.0F, -8),
                            1.0F + std::ldexp(3.0F, -8),
                            -1.0F - std::ldexp(1.0F, -8),
                            std::numeric_limits<float>::max(),
                            std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::min()};
  Random random(5);
  for (const float x : random_floats(91, random, 1e6F)) {
    values.push_back(x);
  }
  values.push_back(std::numeric_limits<float>::quiet_NaN());
  const auto expected = rounded(values);
  for (const Bf16Kernels& kernels : runnable_bf16_kernels()) {
    for (std::size_t n = 0; n <= values.size(); ++n) {
      constexpr BFloat16 kUntouched{0x1234};
      std::vector<BFloat16> got(n + 1, kUntouched);
      kernels.round(values.data(), got.data(), static_cast<std::int64_t>(n));
      EXPECT_EQ(got.back(), kUntouched);
      got.pop_back();
      EXPECT_TRUE(std::equal(got.begin(), got.end(), expected.begin()))
          << to_string(kernels.isa) << ", " << n;
    }
  }
}

}  // namespace
}  // namespace mtmi::kernels
