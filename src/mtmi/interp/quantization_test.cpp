#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

TEST(EvaluateQuantizeLinear, PerAxisWithZeroPoints) {
  EXPECT_EQ(values<std::int8_t>({"QuantizeLinear",
                                 {tensor<float>(Shape{2, 2}, {1, 2, 3, -400}),
                                  tensor<float>({0.5F, 2}),
                                  tensor<std::int8_t>({0, 10})},
                                 {{"axis", std::int64_t{1}}}}),
            (std::vector<std::int8_t>{2, 11, 6, -128}));
}

TEST(EvaluateQuantizeLinear, OfHalfWidthTypes) {
  const auto half = [](float x) { return to_float16(x); };
  EXPECT_EQ(values<std::uint8_t>({"QuantizeLinear",
                                  {tensor<Float16>({half(3.0F), half(-1.0F)}),
                                   tensor<Float16>(Shape{}, {half(2.0F)})}}),
            (std::vector<std::uint8_t>{2, 0}));
}

TEST(EvaluateDequantizeLinear, IsTheInverse) {
  EXPECT_EQ(values<float>({"DequantizeLinear",
                           {tensor<std::uint8_t>({0, 128, 255}),
                            tensor<float>(Shape{}, {0.5F}),
                            tensor<std::uint8_t>(Shape{}, {128})}}),
            (std::vector<float>{-64, 0, 63.5F}));
}

}  // namespace
}  // namespace mtmi::interp
