#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "mtmi/core/half.h"
#include "mtmi/kernels/fast/bf16_kernels.h"
#include "mtmi/kernels/fast/packed_pairs.h"
#include "mtmi/kernels/fast/variants_testing.h"

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

void expect_as_reference(const Problem& p, const Bf16Kernels& kernels, Random& random) {
  const std::int64_t depth = p.segments * p.length;
  const std::int64_t src_column = p.length + 1;
  const std::int64_t src_row = src_column * p.columns + 5;
  std::vector<std::int64_t> offsets;
  for (std::int64_t s = 0; s < p.segments; ++s) {
    offsets.push_back(s * src_row);
  }
  const std::int64_t dst_column = p.outputs + 3;
  const std::int64_t dst_row = dst_column * p.columns + 2;
  auto src = rounded(random_floats(src_row * (p.rows + p.segments), random));
  // What no product reads must not matter, whatever it is.
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(src.size()); ++i) {
    if (i % src_row % src_column == p.length) {
      src[static_cast<std::size_t>(i)] = to_bfloat16(std::numeric_limits<float>::quiet_NaN());
    }
  }
  const auto weights = random_floats(depth * p.outputs, random);
  const auto rounded_weights = rounded(weights);
  const auto bias = random_floats(p.outputs, random);
  const auto residual = random_floats(dst_row * p.rows, random);
  const auto packed = packed_of(
      {.segments = p.segments, .segment_length = p.length, .columns = p.outputs}, weights);

  std::vector<float> expected(static_cast<std::size_t>(dst_row * p.rows), kGuard);
  std::vector<float> got = expected;
  GemmBf16Args args{.src = src.data(),
                    .src_row = src_row,
                    .src_column = src_column,
                    .segments = offsets.data(),
                    .num_segments = p.segments,
                    .segment_length = p.length,
                    .weights = rounded_weights.data(),
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
  // Operands are the same; what differs is float32's rounding of `depth` sums below 1 each.
  const float tolerance = 1e-6F * (2.0F + static_cast<float>(depth) * 0.1F);
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], expected[i], tolerance)
        << to_string(kernels.isa) << " element " << i << " of " << p.rows << "x" << p.columns << "x"
        << p.outputs << " depth " << p.segments << "x" << p.length;
  }
}

TEST(GemmBf16, EveryVariantAgreesWithTheReferenceOnOddSizes) {
  Random random(3);
  const std::array<Activation, 4> kinds{
      Activation::None, Activation::Relu, Activation::Gelu, Activation::Sigmoid};
  for (const Bf16Kernels& kernels : runnable_bf16_kernels()) {
    for (int i = 0; i < 80; ++i) {
      const auto pick = [&random](std::uint64_t n) {
        return static_cast<std::int64_t>(1 + random.below(n));
      };
      expect_as_reference({.rows = pick(3),
                           .columns = pick(70),
                           .outputs = pick(150),
                           .segments = pick(3),
                           .length = pick(100),
                           .first = {.kind = kinds[random.below(4)]},
                           .residual = random.below(2) == 0,
                           .last = {.kind = kinds[random.below(2)]}},
                          kernels,
                          random);
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
  constexpr std::int64_t kNoOffset = 0;
  for (const Bf16Kernels& kernels : runnable_bf16_kernels()) {
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
    EXPECT_EQ(run(kColumns), run(40)) << to_string(kernels.isa);
  }
}

TEST(PackedPairs, UnpackAsTheyWere) {
  Random random(6);
  for (const auto& shape :
       {PackedPairs{3, 21, 70}, PackedPairs{1, 64, 16}, PackedPairs{2, 1, 129}}) {
    std::vector<float> weights =
        random_floats(shape.segments * shape.segment_length * shape.columns, random);
    for (float& w : weights) {
      w = to_float(to_bfloat16(w));
    }
    std::vector<float> got(weights.size());
    unpack_pairs(shape, packed_of(shape, weights), got);
    EXPECT_EQ(got, weights);
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
