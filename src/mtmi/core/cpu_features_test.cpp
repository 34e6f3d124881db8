#include "mtmi/core/cpu_features.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(CpuFeatures, NamesParseBack) {
  for (const Isa isa : {Isa::Generic, Isa::Avx2, Isa::Avx512}) {
    EXPECT_EQ(parse_isa(to_string(isa)), isa);
  }
  EXPECT_FALSE(parse_isa("mmx"));
  EXPECT_FALSE(parse_isa("avx512vnni"));
}

TEST(CpuFeatures, NamesOfInt8SetsParseBack) {
  for (const Int8Isa isa :
       {Int8Isa::Generic, Int8Isa::Avx2, Int8Isa::Avx512, Int8Isa::Avx512Vnni, Int8Isa::Amx}) {
    EXPECT_EQ(parse_int8_isa(to_string(isa)), isa);
  }
  EXPECT_FALSE(parse_int8_isa("mmx"));
}

TEST(CpuFeatures, SetsForBfloat16HaveNames) {
  EXPECT_EQ(to_string(Bf16Isa::Generic), "generic");
  EXPECT_EQ(to_string(Bf16Isa::Avx512Bf16), "avx512bf16");
  EXPECT_EQ(to_string(Bf16Isa::Amx), "amx");
}

TEST(CpuFeatures, TheBestIsThereAndGenericAlwaysIs) {
  EXPECT_TRUE(has_isa(best_isa()));
  EXPECT_TRUE(has_isa(Isa::Generic));
  EXPECT_TRUE(has_isa(best_int8_isa()));
  EXPECT_TRUE(has_isa(Int8Isa::Generic));
  EXPECT_TRUE(has_isa(best_bf16_isa()));
  EXPECT_TRUE(has_isa(Bf16Isa::Generic));
}

}  // namespace
}  // namespace mtmi
