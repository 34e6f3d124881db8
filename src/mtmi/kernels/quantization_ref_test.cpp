#include "mtmi/kernels/quantization_ref.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(QuantizeRef, RoundsHalfToEvenThenShiftsAndSaturates) {
  const std::vector<float> src{1.0F, 3.0F, -1.0F, 300.0F, -1e30F, std::nanf("")};
  const float scale = 2.0F;
  const std::int8_t zero_point = 1;
  std::vector<std::int8_t> dst(6);
  const ScaleLayout per_tensor{.split = {.outer = 1, .extent = 6, .inner = 1}};
  quantize_ref(per_tensor, src.data(), &scale, &zero_point, dst.data());
  EXPECT_EQ(dst, (std::vector<std::int8_t>{1, 3, 1, 127, -128, 0}));
}

TEST(QuantizeRef, FindsTheScaleOfEveryBlock) {
  const std::vector<float> src{8, 8, 8, 8, 8, 8};  // [1,3,2], blocks of 2 along axis 1
  const std::vector<float> scales{1, 2, 4, 8};     // [1,2,2]
  std::vector<std::uint8_t> dst(6);
  const ScaleLayout blocked{.split = {.outer = 1, .extent = 3, .inner = 2},
                            .block = 2,
                            .outer_stride = 4,
                            .axis_stride = 2,
                            .inner_stride = 1};
  quantize_ref<std::uint8_t>(blocked, src.data(), scales.data(), nullptr, dst.data());
  EXPECT_EQ(dst, (std::vector<std::uint8_t>{8, 4, 8, 4, 2, 1}));
}

TEST(DequantizeRef, SubtractsWithoutOverflow) {
  const std::int32_t src = std::numeric_limits<std::int32_t>::max();
  const std::int32_t zero_point = std::numeric_limits<std::int32_t>::min();
  const float scale = 0.5F;
  float dst = 0.0F;
  dequantize_ref({.split = {}}, &src, &scale, &zero_point, &dst);
  EXPECT_EQ(dst, 0x1p31F);
}

}  // namespace
}  // namespace mtmi::kernels
