#include "mtmi/kernels/int8/resize.h"

#include <cmath>
#include <vector>

#include "mtmi/kernels/int8/variants_testing.h"

namespace mtmi::kernels::int8 {
namespace {

/// With the columns and rows that the arguments name; runs in two ranges of rows.
void expect_as_reference(ResizeArgs args, ResizeFn run, ResizeFn reference, Random& random) {
  const auto src = random_bytes(args.height * args.width * args.src_pixel, random);
  const std::int64_t rows = args.height * args.factor_h;
  const auto size = static_cast<std::size_t>(rows * args.width * args.factor_w * args.dst_pixel);
  std::vector<std::int8_t> got(size, 99);
  std::vector<std::int8_t> expected = got;
  AlignedBytes scratch(resize_scratch_bytes(args.width, args.channels));
  args.src = src.data();
  args.dst = expected.data();
  args.row_end = rows;
  args.scratch = reinterpret_cast<std::int16_t*>(scratch.data());
  reference(args);
  args.dst = got.data();
  args.row_end = rows / 2;
  run(args);
  args.row_begin = rows / 2;
  args.row_end = rows;
  run(args);
  ASSERT_EQ(got, expected) << args.height << "x" << args.width << "x" << args.channels << " by "
                           << args.factor_h << " and " << args.factor_w;
}

ResizeArgs random_problem(Random& random) {
  const auto pick = [&random](std::uint64_t most) {
    return static_cast<std::int64_t>(1 + random.below(most));
  };
  ResizeArgs args{.height = pick(5),
                  .width = pick(7),
                  .channels = pick(80),
                  .factor_h = pick(9),
                  .factor_w = pick(9)};
  args.src_pixel = (args.channels + 31) / 32 * 32;
  args.dst_pixel = args.channels + pick(5);
  const auto exact = 0.25F / static_cast<float>(args.factor_h * args.factor_w);
  args.multiplier = random.below(2) == 0 ? exact : exact * random.uniform(0.3F, 3.0F);
  if (random.below(4) == 0) {
    args.multiplier = std::exp2(-static_cast<float>(random.below(16)));
  }
  args.rounding = random.below(2) == 0 ? Rounding::HalfToEven : Rounding::HalfAwayFromZero;
  if (random.below(4) == 0) {
    args.bounds = {.lo = 0, .hi = 100};
  }
  return args;
}

TEST(Resize, EveryVariantGivesTheBitsOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(31);
    for (int i = 0; i < 400; ++i) {
      expect_as_reference(random_problem(random), kernels.resize_linear, resize_linear_ref, random);
      expect_as_reference(
          random_problem(random), kernels.resize_nearest, resize_nearest_ref, random);
    }
  }
}

TEST(Resize, EveryVariantGivesTheHalvesOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(32);
    for (int i = 0; i < 200; ++i) {
      ResizeArgs args = random_problem(random);
      const auto src = random_bytes(args.height * args.width * args.src_pixel, random);
      args.row_end = args.height * args.factor_h;
      const auto size =
          static_cast<std::size_t>(args.row_end * args.width * args.factor_w * args.dst_pixel);
      std::vector<std::uint16_t> got(size, 99);
      std::vector<std::uint16_t> expected = got;
      AlignedBytes scratch(resize_scratch_bytes(args.width, args.channels));
      args.src = src.data();
      args.scratch = reinterpret_cast<std::int16_t*>(scratch.data());
      args.dst_half = expected.data();
      resize_linear_ref(args);
      args.dst_half = got.data();
      kernels.resize_linear(args);
      ASSERT_EQ(got, expected) << to_string(kernels.isa);
    }
  }
}

TEST(Resize, TwiceByHalfPixelMixesThreeToOne) {
  const std::vector<std::int8_t> src{10, 20};
  std::vector<std::int8_t> dst(8);
  ResizeArgs args{.src = src.data(),
                  .src_pixel = 1,
                  .dst = dst.data(),
                  .dst_pixel = 1,
                  .height = 1,
                  .width = 2,
                  .channels = 1,
                  .factor_h = 2,
                  .factor_w = 2,
                  .multiplier = 1.0F / 16.0F,
                  .row_end = 2};
  resize_linear_ref(args);
  EXPECT_EQ(dst, (std::vector<std::int8_t>{10, 13, 18, 20, 10, 13, 18, 20}));  // 12.5 and 17.5
  args.rounding = Rounding::HalfToEven;
  resize_linear_ref(args);
  EXPECT_EQ(dst, (std::vector<std::int8_t>{10, 12, 18, 20, 10, 12, 18, 20}));
}

}  // namespace
}  // namespace mtmi::kernels::int8
