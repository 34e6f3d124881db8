#include "mtmi/kernels/int8/pooling.h"

#include <vector>

#include "mtmi/kernels/int8/variants_testing.h"

namespace mtmi::kernels::int8 {
namespace {

Window random_axis(Random& random) {
  const auto pick = [&random](std::uint64_t low, std::uint64_t high) {
    return static_cast<std::int64_t>(low + random.below(high - low + 1));
  };
  Window w{.in = pick(1, 9),
           .kernel = pick(1, 8),
           .stride = pick(1, 3),
           .dilation = pick(1, 2),
           .pad_begin = pick(0, 4),
           .pad_end = pick(0, 4)};
  w.pad_end = std::max(w.pad_end, w.reach() - w.in - w.pad_begin);
  w.out = (w.in + w.pad_begin + w.pad_end - w.reach()) / w.stride + 1;
  return w;
}

TEST(Pooling, EveryVariantGivesTheBitsOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(51);
    for (int i = 0; i < 1500; ++i) {
      PoolArgs args{.h = random_axis(random),
                    .w = random_axis(random),
                    .channels = static_cast<std::int64_t>(1 + random.below(100)),
                    .count_include_pad = random.below(2) == 0};
      args.src_pixel = args.channels + static_cast<std::int64_t>(random.below(4));
      args.dst_pixel = args.channels + static_cast<std::int64_t>(random.below(4));
      const auto src = random_bytes(args.h.in * args.w.in * args.src_pixel, random);
      const auto size = static_cast<std::size_t>(args.h.out * args.w.out * args.dst_pixel);
      std::vector<std::int8_t> got(size, 99);
      std::vector<std::int8_t> expected = got;
      args.src = src.data();
      args.row_end = args.h.out;
      const bool max = i % 2 == 0;
      args.dst = expected.data();
      (max ? max_pool_ref : average_pool_ref)(args);
      args.dst = got.data();
      (max ? kernels.max_pool : kernels.average_pool)(args);
      ASSERT_EQ(got, expected) << to_string(kernels.isa) << (max ? " max" : " average");
    }
  }
}

/// Sums of a 2x2 window, divided by the width and then by the height.
TEST(Pooling, AnAverageRoundsTwice) {
  const std::vector<std::int8_t> src{1, 2, 0, 0};
  std::int8_t dst = 0;
  average_pool_ref({.src = src.data(),
                    .src_pixel = 1,
                    .dst = &dst,
                    .dst_pixel = 1,
                    .h = {.in = 2, .out = 1, .kernel = 2},
                    .w = {.in = 2, .out = 1, .kernel = 2},
                    .channels = 1,
                    .row_end = 1});
  EXPECT_EQ(dst, 1);  // 3 / 2 -> 2, 2 / 2 -> 1
  const std::vector<std::int8_t> one{1, 0, 0, 0};
  average_pool_ref({.src = one.data(),
                    .src_pixel = 1,
                    .dst = &dst,
                    .dst_pixel = 1,
                    .h = {.in = 2, .out = 1, .kernel = 2},
                    .w = {.in = 2, .out = 1, .kernel = 2},
                    .channels = 1,
                    .row_end = 1});
  EXPECT_EQ(dst, 1);  // 1 / 2 -> 1, 1 / 2 -> 1; rounded once, 1 / 4 would be 0
}

}  // namespace
}  // namespace mtmi::kernels::int8
