#include "mtmi/core/exact_sum.h"

#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi {
namespace {

std::vector<double> wide_terms() {
  Random random(3);
  std::vector<double> terms;
  for (int i = 0; i < 10000; ++i) {
    const double sign = random.below(2) == 0 ? 1.0 : -1.0;
    const double magnitude = static_cast<double>(1ULL << random.below(25));
    terms.push_back(sign * magnitude * static_cast<double>(random.uniform()));
  }
  return terms;
}

TEST(ExactSum, IsTheSameForwardsBackwardsAndInGroups) {
  const std::vector<double> terms = wide_terms();
  ExactSum forwards;
  ExactSum backwards;
  ExactSum grouped;
  ExactSum group;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    forwards.add(terms[i]);
    backwards.add(terms[terms.size() - 1 - i]);
    group.add(terms[i]);
    if (i % 7 == 6 || i + 1 == terms.size()) {
      grouped += group;
      group = {};
    }
  }
  EXPECT_EQ(forwards, backwards);
  EXPECT_EQ(forwards, grouped);
  EXPECT_EQ(forwards.value(), backwards.value());
}

TEST(ExactSum, KeepsWhatADoubleLoses) {
  ExactSum sum;
  constexpr int kCount = 1 << 22;
  sum.add(ExactSum::kLimit - 1.0);
  for (int i = 0; i < kCount; ++i) {
    sum.add(0x1p-30);
  }
  sum.add(1.0 - ExactSum::kLimit);
  EXPECT_EQ(sum.value(), kCount * 0x1p-30);
}

TEST(ExactSum, RoundsTermsToTheNearestUnit) {
  ExactSum sum;
  sum.add(0x1.8p-37);
  EXPECT_EQ(sum.value(), 0x1p-36);
  sum.add(-0x1.8p-37);
  EXPECT_EQ(sum.value(), 0.0);
  sum.add(0x1p-38);
  EXPECT_EQ(sum.value(), 0.0);
}

}  // namespace
}  // namespace mtmi
