#include "mtmi/dla/convolution_buffer.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::dla {
namespace {

TEST(ConvolutionBuffer, AThousandChannelsFitAt480ColumnsAndNotAt512) {
  const ConvolutionBanks at_480 =
      convolution_banks({.channels = 1024, .src_width = 480}, Precision::Int8);
  EXPECT_EQ(at_480.weights, 1);
  EXPECT_EQ(at_480.data, 15);
  EXPECT_EQ(at_480.total(), 16);
  EXPECT_EQ(convolution_banks({.channels = 1024, .src_width = 512}, Precision::Int8).total(), 17);
}

TEST(ConvolutionBuffer, PublishedExampleHasNineBanks) {
  const ConvolutionBanks banks = convolution_banks(
      {.channels = 512, .kernel_height = 3, .kernel_width = 3, .src_width = 160}, Precision::Int8);
  EXPECT_EQ(banks.weights, 1);
  EXPECT_EQ(banks.data, 8);
}

TEST(ConvolutionBuffer, HalfPrecisionTakesTwiceTheBytes) {
  const ConvolutionTile tile{
      .channels = 256, .kernel_height = 5, .kernel_width = 5, .src_width = 64};
  EXPECT_EQ(convolution_banks(tile, Precision::Int8).data, 3);  // 8 * 64 / 4 * 5 / 256 = 2.5
  EXPECT_EQ(convolution_banks(tile, Precision::Fp16).data, 5);
  EXPECT_EQ(convolution_banks(tile, Precision::Fp16).weights, 1);  // 12,800 bytes
}

TEST(ConvolutionBuffer, DilationHoldsTheRowsBetweenTheTaps) {
  const ConvolutionTile tile{.channels = 32,
                             .kernel_height = 3,
                             .kernel_width = 3,
                             .dilation_height = 16,
                             .src_width = 256};
  EXPECT_EQ(convolution_banks(tile, Precision::Int8).data, 9);  // 64 entries * 33 rows / 256
}

TEST(ConvolutionBuffer, LargeKernelsTakeMoreThanOneBank) {
  const ConvolutionTile tile{.channels = 32768};
  EXPECT_EQ(convolution_banks(tile, Precision::Int8).weights, 1);
  EXPECT_EQ(convolution_banks({.channels = 32769}, Precision::Int8).weights, 2);
}

TEST(ConvolutionBuffer, ExtentsBeyond64BitsAreRefused) {
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  EXPECT_THROW(static_cast<void>(convolution_banks({.channels = kHuge}, Precision::Fp16)), Error);
}

}  // namespace
}  // namespace mtmi::dla
