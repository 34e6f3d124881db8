#include "mtmi/kernels/fast/resize.h"

#include "mtmi/kernels/fast/variants_testing.h"

namespace mtmi::kernels {
namespace {

std::vector<ResizeTap> random_taps(std::int64_t in, std::int64_t out, Random& random) {
  std::vector<ResizeTap> taps;
  for (std::int64_t i = 0; i < out; ++i) {
    const auto low = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(in)));
    const std::int64_t high = low + 1 < in ? low + 1 : low;
    taps.push_back({low, high, i % 3 == 0 ? 0.0F : random.uniform()});
  }
  return taps;
}

TEST(Resize, EveryVariantAgreesWithTheReference) {
  Random random(9);
  constexpr std::int64_t kHeight = 3;
  constexpr std::int64_t kWidth = 5;
  constexpr std::int64_t kRows = 7;
  constexpr std::int64_t kColumns = 9;
  for (const FastKernels& kernels : runnable_kernels()) {
    for (const std::int64_t channels : {1, 4, 7, 19, 64}) {
      const std::int64_t dst_column = channels + 3;
      const auto src = random_floats(kHeight * kWidth * channels, random);
      const auto addend = random_floats(kRows * kColumns * channels, random);
      const auto rows = random_taps(kHeight, kRows, random);
      const auto columns = random_taps(kWidth, kColumns, random);
      std::vector<float> scratch(static_cast<std::size_t>(kWidth * channels));
      std::vector<float> expected(static_cast<std::size_t>(kRows * kColumns * dst_column), -1.0F);
      std::vector<float> got = expected;
      ResizeArgs args{.src = src.data(),
                      .dst = expected.data(),
                      .addend = channels % 2 == 0 ? addend.data() : nullptr,
                      .width = kWidth,
                      .channels = channels,
                      .columns = kColumns,
                      .dst_column = dst_column,
                      .rows = rows.data(),
                      .columns_taps = columns.data(),
                      .row_begin = 1,
                      .row_end = kRows,
                      .scratch = scratch.data()};
      resize_ref(args);
      args.dst = got.data();
      kernels.resize(args);
      expect_near(got, expected, 1e-6F, std::string(to_string(kernels.isa)));
    }
  }
}

TEST(BestChannel, EveryVariantGivesTheLabelsOfTheReference) {
  Random random(10);
  constexpr std::int64_t kChannels = 19;
  for (const FastKernels& kernels : runnable_kernels()) {
    for (const std::int64_t columns : {1, 5, 16, 37}) {
      const auto planes = random_floats(kChannels * (columns + 1), random);
      std::vector<float> best(static_cast<std::size_t>(columns));
      std::vector<std::int32_t> expected(best.size());
      std::vector<std::int32_t> got(best.size());
      BestChannelArgs args{.planes = planes.data(),
                           .plane_stride = columns + 1,
                           .channels = kChannels,
                           .weight = 0.375F,
                           .best = best.data(),
                           .labels = expected.data(),
                           .columns = columns};
      best_channel_ref(args);
      args.labels = got.data();
      kernels.best_channel(args);
      EXPECT_EQ(got, expected) << to_string(kernels.isa);
    }
  }
}

TEST(BestChannel, TheFirstOfEqualChannelsWins) {
  const std::vector<float> planes{1, 1, 3, 3, 3, 3};  // three channels of one column
  for (const FastKernels& kernels : runnable_kernels()) {
    float best = 0.0F;
    std::int32_t label = -1;
    kernels.best_channel({planes.data(), 2, 3, 0.5F, &best, &label, 1});
    EXPECT_EQ(label, 1);
  }
}

}  // namespace
}  // namespace mtmi::kernels
