#include "mtmi/kernels/int8/half_functions.h"

#include <cmath>

#include <gtest/gtest.h>

#include "mtmi/core/half.h"

namespace mtmi::kernels::int8 {
namespace {

double value(std::uint16_t bits) {
  return static_cast<double>(to_float(Float16{bits}));
}

TEST(HalfFunctions, NoNeighbourIsNearerThanATableEntry) {
  const auto table = half_table(HalfFunction::Sigmoid);
  for (std::size_t bits = 0; bits < table.size(); ++bits) {
    const double x = value(static_cast<std::uint16_t>(bits));
    if (std::isnan(x)) {
      ASSERT_TRUE(std::isnan(value(table[bits])));
      continue;
    }
    const double exact = 1.0 / (1.0 + std::exp(-x));
    const double error = std::fabs(value(table[bits]) - exact);
    ASSERT_LE(error, std::fabs(value(static_cast<std::uint16_t>(table[bits] + 1)) - exact)) << x;
    if (table[bits] > 0) {
      ASSERT_LE(error, std::fabs(value(static_cast<std::uint16_t>(table[bits] - 1)) - exact)) << x;
    }
  }
}

TEST(HalfFunctions, TanhIsOdd) {
  const auto table = half_table(HalfFunction::Tanh);
  for (std::size_t bits = 0; bits <= 0x7C00; ++bits) {
    ASSERT_EQ(table[bits] | 0x8000U, table[bits + 0x8000]);
  }
  EXPECT_EQ(value(table[0x7C00]), 1.0);
}

TEST(HalfFunctions, Int8EntriesAreTheHalvesOverTheScale) {
  const auto table = half_to_int8_table(HalfFunction::Sigmoid, 1.0F / 127.0F, Rounding::HalfToEven);
  EXPECT_EQ(table[to_float16(0.0F).bits], 64);  // 63.5, a tie
  EXPECT_EQ(table[to_float16(100.0F).bits], 127);
  EXPECT_EQ(table[to_float16(-100.0F).bits], 0);
  EXPECT_EQ(table[0x7E00], 0);
}

TEST(HalfFunctions, LookingUpReadsTheTable) {
  std::vector<std::uint16_t> table(256);
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = static_cast<std::uint16_t>(i * 3);
  }
  const std::vector<std::int8_t> src{-128, -1, 0, 127};
  std::vector<std::uint16_t> dst(src.size());
  look_up_half(src.data(), dst.data(), 4, table.data());
  EXPECT_EQ(dst, (std::vector<std::uint16_t>{0, 381, 384, 765}));
}

}  // namespace
}  // namespace mtmi::kernels::int8
