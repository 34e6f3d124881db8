#include "mtmi/backends/common_host/memory_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::host {
namespace {

TEST(MemoryPlan, ReusesWhatIsDead) {
  const std::vector<Lifetime> chain{{"a", 0, 1, 256}, {"b", 1, 2, 256}, {"c", 2, 3, 256}};
  const MemoryPlan plan = plan_memory(chain);
  EXPECT_EQ(plan.arena_bytes, 512U);
  EXPECT_EQ(plan.offsets[0], plan.offsets[2]);
  EXPECT_NE(plan.offsets[0], plan.offsets[1]);
}

TEST(MemoryPlan, FillsGapsAndAligns) {
  const std::vector<Lifetime> pieces{{"big", 0, 9, 1000}, {"x", 0, 4, 1}, {"y", 5, 9, 64}};
  const MemoryPlan plan = plan_memory(pieces);
  EXPECT_EQ(plan.offsets, (std::vector<std::uint64_t>{0, 1024, 1024}));
}

TEST(MemoryPlan, NothingAliveTogetherOverlaps) {
  Random random(5);
  std::vector<Lifetime> pieces;
  for (int i = 0; i < 200; ++i) {
    const int first = static_cast<int>(random.below(100));
    pieces.push_back(
        {std::to_string(i), first, first + static_cast<int>(random.below(8)), random.below(5000)});
  }
  const MemoryPlan plan = plan_memory(pieces);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    EXPECT_EQ(plan.offsets[i] % kAlignment, 0U);
    EXPECT_LE(plan.offsets[i] + pieces[i].size, plan.arena_bytes);
    for (std::size_t j = 0; j < i; ++j) {
      const bool meet = pieces[i].first <= pieces[j].last && pieces[j].first <= pieces[i].last;
      const bool apart = plan.offsets[i] + pieces[i].size <= plan.offsets[j] ||
                         plan.offsets[j] + pieces[j].size <= plan.offsets[i];
      EXPECT_TRUE(!meet || apart) << i << " and " << j;
    }
  }
  EXPECT_GE(plan.arena_bytes, peak_bytes(pieces));
}

TEST(MemoryPlan, PrintsAMap) {
  const std::vector<Lifetime> pieces{{"conv", 0, 2, 1 << 20}};
  EXPECT_THAT(print(pieces, plan_memory(pieces)),
              testing::HasSubstr("[  0..  2]  @0             1.000 MiB  conv"));
}

}  // namespace
}  // namespace mtmi::host
