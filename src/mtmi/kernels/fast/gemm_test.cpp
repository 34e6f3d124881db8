#include "mtmi/kernels/fast/gemm.h"

#include <vector>

#include "mtmi/kernels/fast/gemm_problem_testing.h"
#include "mtmi/kernels/fast/packed_weights.h"

namespace mtmi::kernels {
namespace {

std::vector<float> packed_of(const PackedShape& shape, const std::vector<float>& weights) {
  std::vector<float> packed(static_cast<std::size_t>(shape.num_floats()));
  pack_weights(shape, weights.data(), shape.columns, 1, packed);
  return packed;
}

TEST(Gemm, EveryVariantAgreesWithTheReferenceOnOddSizes) {
  Random random(3);
  for (const FastKernels& kernels : runnable_kernels()) {
    for (int i = 0; i < 150; ++i) {
      const GemmProblem<float> problem(30, 40, random, [](float x) { return x; });
      problem.expect_as_reference(
          kernels.gemm,
          packed_of({problem.depth(), problem.outputs, kernels.block, kernels.lanes},
                    problem.weights),
          to_string(kernels.isa));
    }
  }
}

TEST(Gemm, TheCutOfTheColumnsDoesNotChangeABit) {
  Random random(4);
  constexpr std::int64_t kDepth = 37;
  constexpr std::int64_t kOutputs = 70;
  constexpr std::int64_t kColumns = 29;
  const auto src = random_floats(kDepth * kColumns, random);
  const auto weights = random_floats(kDepth * kOutputs, random);
  for (const FastKernels& kernels : runnable_kernels()) {
    const auto packed = packed_of({kDepth, kOutputs, kernels.block, kernels.lanes}, weights);
    const auto run = [&](std::int64_t cut) {
      return multiply_in_pieces(kernels.gemm, src, packed, kOutputs, kColumns, cut);
    };
    EXPECT_EQ(run(kColumns), run(1)) << to_string(kernels.isa);
    EXPECT_EQ(run(kColumns), run(7)) << to_string(kernels.isa);
  }
}

}  // namespace
}  // namespace mtmi::kernels
