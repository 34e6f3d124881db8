#include "mtmi/kernels/int8/layout.h"

#include <cstring>
#include <limits>
#include <vector>

#include "mtmi/kernels/int8/variants_testing.h"

namespace mtmi::kernels::int8 {
namespace {

constexpr std::int64_t kHeight = 3;

std::size_t size_of(ElementType type) {
  return type == ElementType::Float32 ? 4 : type == ElementType::Float16 ? 2 : 1;
}

Layout random_layout(Random& random, std::int64_t channels, std::int64_t width) {
  switch (random.below(5)) {
    case 0:
      return Layout::planes(kHeight, width);
    case 1:
      return Layout::blocks(32, kHeight, width);
    case 2:
      return Layout::blocks(16, kHeight, width);
    case 3:
      return Layout::channels_last(width, channels);
    default:
      return Layout::channels_last(width, (channels + 31) / 32 * 32);
  }
}

/// Any bits, so infinities too; floats mostly of the range that INT8 has. No NaN: which of them a
/// conversion gives is not said.
std::vector<std::byte> random_elements(ElementType type, std::size_t n, Random& random) {
  std::vector<std::byte> bytes(n * size_of(type));
  for (std::byte& b : bytes) {
    b = static_cast<std::byte>(random.below(256));
  }
  for (std::size_t i = 0; type == ElementType::Float32 && i < n; ++i) {
    const float huge = random.below(2) == 0 ? 3e38F : std::numeric_limits<float>::infinity();
    const float x = random.uniform(0.5F, 3.0F) * (random.below(2) == 0 ? -1.0F : 1.0F) *
                    (random.below(8) == 0 ? huge : 1.0F);
    std::memcpy(bytes.data() + i * sizeof(x), &x, sizeof(x));
  }
  for (std::size_t i = 0; type == ElementType::Float16 && i < n; ++i) {
    bytes[2 * i + 1] &= std::byte{0xFB};  // no exponent of all ones
  }
  return bytes;
}

TEST(Convert, EveryVariantGivesTheBitsOfTheReference) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(61);
    for (int i = 0; i < 2000; ++i) {
      ConvertArgs args{.src_type = static_cast<ElementType>(random.below(3)),
                       .dst_type = static_cast<ElementType>(random.below(3)),
                       .channels = static_cast<std::int64_t>(1 + random.below(70)),
                       .width = static_cast<std::int64_t>(1 + random.below(40)),
                       .row_begin = 1,
                       .row_end = kHeight};
      args.src_layout = random_layout(random, args.channels, args.width);
      args.dst_layout = random_layout(random, args.channels, args.width);
      const bool room = args.dst_layout.block >= 16 && args.dst_layout.block != args.channels;
      args.dst_zero_to = room && random.below(2) == 0 ? 16 : 1;
      args.scale = random.below(4) == 0 ? 1000.0F : random.uniform(0.001F, 1.0F);
      args.rounding = random.below(2) == 0 ? Rounding::HalfToEven : Rounding::HalfAwayFromZero;
      const auto elements = static_cast<std::size_t>(kHeight * args.width * 96);
      const auto src = random_elements(args.src_type, elements, random);
      std::vector<std::byte> got(elements * size_of(args.dst_type), std::byte{0x5A});
      std::vector<std::byte> expected = got;
      args.src = src.data();
      args.dst = expected.data();
      convert_ref(args);
      args.dst = got.data();
      kernels.convert(args);
      ASSERT_EQ(got, expected) << to_string(kernels.isa) << " " << static_cast<int>(args.src_type)
                               << " to " << static_cast<int>(args.dst_type) << ", blocks of "
                               << args.src_layout.block << " to " << args.dst_layout.block;
    }
  }
}

TEST(Convert, WhatIsNoNumberBecomesZeroAndInfinitiesSaturate) {
  const std::vector<float> src{std::numeric_limits<float>::quiet_NaN(),
                               std::numeric_limits<float>::infinity(),
                               -std::numeric_limits<float>::infinity(),
                               1.25F};
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    std::vector<std::int8_t> dst(4, 99);
    kernels.convert({.src = src.data(),
                     .src_type = ElementType::Float32,
                     .src_layout = Layout::planes(1, 4),
                     .dst = dst.data(),
                     .dst_layout = Layout::planes(1, 4),
                     .channels = 1,
                     .width = 4,
                     .row_end = 1,
                     .scale = 0.5F});
    EXPECT_EQ(dst, (std::vector<std::int8_t>{0, 127, -128, 2})) << to_string(kernels.isa);
  }
}

TEST(ArgMax, EveryVariantGivesTheFirstOfTheLargest) {
  for (const Int8Kernels& kernels : runnable_int8_kernels()) {
    Random random(62);
    for (int i = 0; i < 1000; ++i) {
      const auto channels = static_cast<std::int64_t>(1 + random.below(i % 10 == 0 ? 700 : 70));
      const int low = -128 + static_cast<int>(random.below(256));
      const auto src = random_bytes(channels * 5, random, -128, low);
      std::vector<std::int32_t> got(5);
      std::vector<std::int32_t> expected(5);
      ArgMaxArgs args{.src = src.data(),
                      .src_pixel = channels,
                      .channels = channels,
                      .pixels = 5,
                      .labels = expected.data()};
      arg_max_ref(args);
      args.labels = got.data();
      kernels.arg_max(args);
      ASSERT_EQ(got, expected) << to_string(kernels.isa) << ", " << channels << " channels";
    }
  }
}

}  // namespace
}  // namespace mtmi::kernels::int8
