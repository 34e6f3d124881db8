#include "mtmi/device/layout.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

TensorDesc desc(DType dtype, Shape shape, Layout layout) {
  return {.name = "t", .dtype = dtype, .shape = std::move(shape), .layout = layout, .scale = 0.0F};
}

// Sizes read off real engines: a YOLO11 deployment on AGX Orin (JetPack 6.2, TensorRT 10.3).
TEST(Layout, SizesAreThoseOfRealEngines) {
  EXPECT_EQ(size_bytes_of(desc(DType::Int8, {1, 3, 640, 640}, Layout::DlaHwc4)), 1638400U);
  EXPECT_EQ(size_bytes_of(desc(DType::Int8, {1, 144, 1, 8400}, Layout::Chw32)), 1344000U);
  EXPECT_EQ(size_bytes_of(desc(DType::Float16, {1, 144, 1, 8400}, Layout::Chw16)), 2419200U);
}

TEST(Layout, DlaLinearPadsRowsTo64Bytes) {
  const TensorDesc d = desc(DType::Int8, {1, 19, 10, 100}, Layout::DlaLinear);
  EXPECT_EQ(strides_of(d).row, 128);
  EXPECT_EQ(size_bytes_of(d), 19U * 10 * 128);
}

TEST(Layout, NameParsesBack) {
  for (const Layout layout : {Layout::Linear,
                              Layout::Hwc,
                              Layout::Hwc8,
                              Layout::Chw16,
                              Layout::Chw32,
                              Layout::DlaLinear,
                              Layout::DlaHwc4}) {
    EXPECT_EQ(parse_layout(to_string(layout)), layout);
  }
}

TEST(Layout, ChannelsThatDoNotFitAreRefused) {
  try {
    static_cast<void>(strides_of(desc(DType::Int8, {1, 7, 8, 8}, Layout::DlaHwc4)));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "tensor 't': got [1,7,8,8] as dla_hwc4, expected 1, 3 or 4 channels");
  }
}

TEST(HandOff, EveryDifferenceIsAMismatch) {
  const TensorDesc a = desc(DType::Int8, {1, 32, 8, 8}, Layout::Chw32);
  TensorDesc b = a;
  b.name = "other";
  EXPECT_EQ(hand_off_mismatch(a, b), std::nullopt);
  b.scale = 0.5F;
  EXPECT_EQ(
      hand_off_mismatch(a, b),
      "the producer writes t: s8[1,32,8,8] chw32, the consumer reads other: s8[1,32,8,8] chw32 "
      "scale 0.5");
}

}  // namespace
}  // namespace mtmi
