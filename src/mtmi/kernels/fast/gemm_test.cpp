#include "mtmi/kernels/fast/gemm.h"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "mtmi/kernels/fast/packed_weights.h"
#include "mtmi/kernels/fast/variants_testing.h"

namespace mtmi::kernels {
namespace {

struct Problem {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t outputs;
  std::int64_t segments;
  std::int64_t length;
  ActivationSpec first;
  bool residual;
  ActivationSpec last;
};

/// Guard floats behind the destination's columns and at its end must stay.
constexpr float kGuard = -12345.0F;

void expect_as_reference(const Problem& p, const FastKernels& kernels) {
  Random random(11);
  const std::int64_t depth = p.segments * p.length;
  const std::int64_t src_column = p.length + 1;
  const std::int64_t src_row = src_column * p.columns + 5;
  std::vector<std::int64_t> offsets;
  for (std::int64_t s = 0; s < p.segments; ++s) {
    offsets.push_back(s * src_row);
  }
  const std::int64_t dst_column = p.outputs + 3;
  const std::int64_t dst_row = dst_column * p.columns + 2;
  const auto src = random_floats(src_row * (p.rows + p.segments), random);
  const auto weights = random_floats(depth * p.outputs, random);
  const auto bias = random_floats(p.outputs, random);
  const auto residual = random_floats(dst_row * p.rows, random);
  const PackedShape shape{depth, p.outputs, kernels.block, kernels.lanes};
  std::vector<float> packed(static_cast<std::size_t>(shape.num_floats()));
  pack_weights(shape, weights.data(), p.outputs, 1, packed);

  std::vector<float> expected(static_cast<std::size_t>(dst_row * p.rows), kGuard);
  std::vector<float> got = expected;
  GemmArgs args{.src = src.data(),
                .src_row = src_row,
                .src_column = src_column,
                .segments = offsets.data(),
                .num_segments = p.segments,
                .segment_length = p.length,
                .weights = weights.data(),
                .outputs = p.outputs,
                .dst = expected.data(),
                .dst_row = dst_row,
                .dst_column = dst_column,
                .rows = p.rows,
                .columns = p.columns,
                .epilogue = {.bias = bias.data(),
                             .residual = p.residual ? residual.data() : nullptr,
                             .first = p.first,
                             .last = p.last}};
  gemm_ref(args);
  args.weights = packed.data();
  args.dst = got.data();
  kernels.gemm(args);
  // Rounding of `depth` sums of products below 1 in magnitude.
  const float tolerance = 1e-6F * (2.0F + static_cast<float>(depth) * 0.1F);
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], expected[i], tolerance)
        << to_string(kernels.isa) << " element " << i << " of " << p.rows << "x" << p.columns << "x"
        << p.outputs << " depth " << depth;
  }
}

TEST(Gemm, EveryVariantAgreesWithTheReferenceOnOddSizes) {
  Random random(3);
  const std::array<Activation, 4> kinds{
      Activation::None, Activation::Relu, Activation::Gelu, Activation::Sigmoid};
  for (const FastKernels& kernels : runnable_kernels()) {
    for (int i = 0; i < 150; ++i) {
      const auto pick = [&random](std::uint64_t n) {
        return static_cast<std::int64_t>(1 + random.below(n));
      };
      expect_as_reference({.rows = pick(3),
                           .columns = pick(30),
                           .outputs = pick(150),
                           .segments = pick(3),
                           .length = pick(40),
                           .first = {.kind = kinds[random.below(4)]},
                           .residual = random.below(2) == 0,
                           .last = {.kind = kinds[random.below(2)]}},
                          kernels);
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
  constexpr std::int64_t kNoOffset = 0;
  for (const FastKernels& kernels : runnable_kernels()) {
    const PackedShape shape{kDepth, kOutputs, kernels.block, kernels.lanes};
    std::vector<float> packed(static_cast<std::size_t>(shape.num_floats()));
    pack_weights(shape, weights.data(), kOutputs, 1, packed);
    const auto run = [&](std::int64_t cut) {
      std::vector<float> dst(kColumns * kOutputs);
      for (std::int64_t x = 0; x < kColumns; x += cut) {
        kernels.gemm({.src = src.data() + x * kDepth,
                      .src_column = kDepth,
                      .segments = &kNoOffset,
                      .segment_length = kDepth,
                      .weights = packed.data(),
                      .outputs = kOutputs,
                      .dst = dst.data() + x * kOutputs,
                      .dst_column = kOutputs,
                      .columns = std::min(cut, kColumns - x),
                      .epilogue = {}});
      }
      return dst;
    };
    EXPECT_EQ(run(kColumns), run(1)) << to_string(kernels.isa);
    EXPECT_EQ(run(kColumns), run(7)) << to_string(kernels.isa);
  }
}

}  // namespace
}  // namespace mtmi::kernels
