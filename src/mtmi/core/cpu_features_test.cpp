#include "mtmi/core/cpu_features.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(CpuFeatures, NamesParseBack) {
  for (const Isa isa : {Isa::Generic, Isa::Avx2, Isa::Avx512}) {
    EXPECT_EQ(parse_isa(to_string(isa)), isa);
  }
  EXPECT_FALSE(parse_isa("mmx"));
}

TEST(CpuFeatures, TheBestIsThereAndGenericAlwaysIs) {
  EXPECT_TRUE(has_isa(best_isa()));
  EXPECT_TRUE(has_isa(Isa::Generic));
}

}  // namespace
}  // namespace mtmi
