#include "mtmi/kernels/int8/convolution.h"

#include <algorithm>
#include <string>
#include <vector>

#include "mtmi/kernels/int8/variants_testing.h"

namespace mtmi::kernels::int8 {
namespace {

std::int64_t pick(Random& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}

Window random_axis(Random& random, std::int64_t most) {
  Window w{.in = pick(random, 1, most),
           .kernel = pick(random, 1, 4),
           .stride = pick(random, 1, 3),
           .dilation = pick(random, 1, 2),
           .pad_begin = pick(random, 0, 3),
           .pad_end = pick(random, 0, 3)};
  w.pad_end = std::max(w.pad_end, w.reach() - w.in - w.pad_begin);
  w.out = (w.in + w.pad_begin + w.pad_end - w.reach()) / w.stride + 1;
  return w;
}

std::string describe(const ConvolutionShape& s) {
  const auto axis = [](const Window& w) {
    return std::to_string(w.in) + " k" + std::to_string(w.kernel) + " s" +
           std::to_string(w.stride) + " d" + std::to_string(w.dilation) + " p" +
           std::to_string(w.pad_begin);
  };
  return std::to_string(s.ic) + " to " + std::to_string(s.oc) + ", " + std::to_string(s.groups) +
         " groups, " + axis(s.h) + ", " + axis(s.w);
}

struct Problem {
  ConvolutionShape shape;
  std::vector<std::int8_t> weights;
  std::vector<std::int8_t> src;
  std::int64_t src_pixel;
  Epilogue epilogue;
};

/// Elements behind what is written must stay, hence the odd destination.
void expect_as_reference(const Problem& p, Int8Isa isa, Random& random) {
  const ConvolutionShape& shape = p.shape;
  const PackedConvolution packed(shape, p.weights, p.epilogue, isa);
  const std::int64_t dst_pixel = shape.oc + 7;
  const std::int64_t dst_row = shape.w.out * dst_pixel + 3;
  std::vector<std::uint16_t> got(static_cast<std::size_t>(shape.h.out * dst_row), 0x5A5A);
  std::vector<std::uint16_t> expected = got;
  AlignedBytes scratch(packed.scratch_bytes());
  ConvolutionArgs args{.src = p.src.data(),
                       .src_pixel = p.src_pixel,
                       .dst = expected.data(),
                       .dst_pixel = dst_pixel,
                       .dst_row = dst_row,
                       .dst_channels = shape.oc + pick(random, 0, 6),
                       .row_begin = 0,
                       .row_end = shape.h.out,
                       .scratch = scratch.data()};
  convolution_ref(packed, args);
  args.dst = got.data();
  const ConvolutionFn run = int8_kernels(isa).convolution;
  const std::int64_t cut = pick(random, 0, shape.h.out);
  args.row_end = cut;
  run(packed, args);
  args.row_begin = cut;
  args.row_end = shape.h.out;
  run(packed, args);
  ASSERT_EQ(got, expected) << to_string(isa) << " " << describe(shape);
}

Problem random_problem(const ConvolutionShape& shape,
                       const ChannelValues& channels,
                       Random& random) {
  Problem p{.shape = shape,
            .weights = random_bytes(shape.oc * shape.depth(), random, -127),
            .src = {},
            .src_pixel = (shape.ic + 31) / 32 * 32 + 32 * pick(random, 0, 1),
            .epilogue = channels.epilogue(random)};
  p.src = random_bytes(shape.h.in * shape.w.in * p.src_pixel, random);
  p.epilogue.half = random.below(5) == 0;
  return p;
}

void expect_random_shapes(int count, std::int64_t most_columns, std::int64_t most_channels) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(17);
    for (int i = 0; i < count; ++i) {
      const std::int64_t groups = random.below(3) == 0 ? pick(random, 2, 4) : 1;
      const ConvolutionShape shape{.h = random_axis(random, 7),
                                   .w = random_axis(random, most_columns),
                                   .ic = groups * pick(random, 1, most_channels),
                                   .oc = groups * pick(random, 1, most_channels),
                                   .groups = groups};
      const ChannelValues channels(shape.oc, shape.depth(), random);
      expect_as_reference(random_problem(shape, channels, random), kernels.isa, random);
      if (testing::Test::HasFatalFailure()) {
        return;
      }
    }
  }
}

TEST(Convolution, EveryVariantGivesTheBitsOfTheReferenceOnSmallShapes) {
  expect_random_shapes(1500, 9, 9);
}

TEST(Convolution, EveryVariantGivesTheBitsOfTheReferenceOnWideShapes) {
  expect_random_shapes(60, 70, 80);
}

/// Where 16-bit products go by Winograd's way: sums of all extremes, odd extents, any padding.
TEST(Convolution, ThreeByThreeOfManyChannelsGivesTheBitsOfTheReference) {
  const auto axis = [](std::int64_t in, std::int64_t pad) {
    return Window{.in = in, .out = in + 2 * pad - 2, .kernel = 3, .pad_begin = pad, .pad_end = pad};
  };
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(22);
    for (int i = 0; i < 80; ++i) {
      const ConvolutionShape shape{.h = axis(pick(random, 3, 7), pick(random, 0, 2)),
                                   .w = axis(pick(random, 3, 130), pick(random, 0, 2)),
                                   .ic = pick(random, 16, 50),
                                   .oc = pick(random, 16, 50)};
      const ChannelValues channels(shape.oc, shape.depth(), random);
      Problem p = random_problem(shape, channels, random);
      if (random.below(4) == 0) {
        std::fill(p.src.begin(), p.src.end(), std::int8_t{-128});
        std::fill(p.weights.begin(), p.weights.end(), std::int8_t{-127});
      }
      expect_as_reference(p, kernels.isa, random);
      if (testing::Test::HasFatalFailure()) {
        return;
      }
    }
  }
}

TEST(Convolution, DepthwiseGivesTheBitsOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(18);
    for (int i = 0; i < 400; ++i) {
      const std::int64_t channels = pick(random, 2, 70);
      const ConvolutionShape shape{.h = random_axis(random, 7),
                                   .w = random_axis(random, 20),
                                   .ic = channels,
                                   .oc = channels,
                                   .groups = channels};
      const ChannelValues values(channels, shape.depth(), random);
      expect_as_reference(random_problem(shape, values, random), kernels.isa, random);
    }
  }
}

/// What a variant may read in place.
TEST(Convolution, OneByOneOfWholeTilesGivesTheBitsOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(23);
    for (int i = 0; i < 30; ++i) {
      const std::int64_t columns = 32 * pick(random, 1, 3);
      const ConvolutionShape shape{.h = {.in = 2, .out = 2},
                                   .w = {.in = columns, .out = columns},
                                   .ic = 64 * pick(random, 1, 2),
                                   .oc = pick(random, 4, 70)};
      const ChannelValues channels(shape.oc, shape.depth(), random);
      expect_as_reference(random_problem(shape, channels, random), kernels.isa, random);
    }
  }
}

/// Whole multiples of halves: with weights of 1 and a multiplier of 1/2 every odd sum is a tie.
TEST(Convolution, ExactTiesAreRoundedAsAsked) {
  const ConvolutionShape shape{
      .h = {.in = 4, .out = 4}, .w = {.in = 40, .out = 40}, .ic = 2, .oc = 33};
  const std::vector<std::int8_t> weights(66, 1);
  const std::vector<float> multipliers(33, 0.5F);
  for (const Rounding rounding : {Rounding::HalfAwayFromZero, Rounding::HalfToEven}) {
    Problem p{.shape = shape,
              .weights = weights,
              .src = {},
              .src_pixel = 32,
              .epilogue = {.multipliers = multipliers, .rounding = rounding}};
    Random random(19);
    p.src = random_bytes(160 * 32, random, -30, 31);
    for (const Int8Kernels& kernels : runnable_int8_kernels()) {
      expect_as_reference(p, kernels.isa, random);
    }
  }
}

/// The largest sums that 32 bits must hold: 65,536 products of -128 and 127 or -127.
TEST(Convolution, TheLongestSumsOfExtremesAreExact) {
  const ConvolutionShape shape{
      .h = {.in = 1, .out = 1}, .w = {.in = 1, .out = 1}, .ic = 65536, .oc = 2};
  std::vector<std::int8_t> weights(2 * 65536, 127);
  std::fill(weights.begin() + 65536, weights.end(), std::int8_t{-127});
  const std::vector<float> multipliers{1e-7F, 1e-7F};
  const std::vector<std::int32_t> bias{-1000000000, 1000000000};
  const Problem p{.shape = shape,
                  .weights = weights,
                  .src = std::vector<std::int8_t>(65536, -128),
                  .src_pixel = 65536,
                  .epilogue = {.bias = bias, .multipliers = multipliers}};
  Random random(20);
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    expect_as_reference(p, kernels.isa, random);
  }
}

TEST(Convolution, SumsOfMoreProductsAreHeldIn64Bits) {
  const ConvolutionShape shape{
      .h = {.in = 1, .out = 1}, .w = {.in = 1, .out = 1}, .ic = 200000, .oc = 1};
  const std::vector<float> multipliers{1e-8F};
  Random random(21);
  const Problem p{.shape = shape,
                  .weights = std::vector<std::int8_t>(200000, 127),
                  .src = std::vector<std::int8_t>(200000, 127),
                  .src_pixel = 200000,
                  .epilogue = {.multipliers = multipliers}};
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    const PackedConvolution packed(shape, p.weights, p.epilogue, kernels.isa);
    std::int8_t got = 0;
    kernels.convolution(packed,
                        {.src = p.src.data(),
                         .src_pixel = p.src_pixel,
                         .dst = &got,
                         .dst_pixel = 1,
                         .dst_channels = 1,
                         .row_end = 1});
    EXPECT_EQ(got, 32);  // 200000 * 127^2 = 3.2e9
  }
}

}  // namespace
}  // namespace mtmi::kernels::int8
