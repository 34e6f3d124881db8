#include "mtmi/backends/common_host/pieces.h"

#include <gtest/gtest.h>

namespace mtmi::host {
namespace {

TEST(Pieces, CoverEveryThingOnce) {
  for (std::int64_t count = 0; count <= 70; ++count) {
    const Pieces pieces = cut(count, 5, 40, 3);
    std::int64_t next = 0;
    for (std::int64_t i = 0; i < pieces.number(); ++i) {
      EXPECT_EQ(pieces.begin(i), next);
      EXPECT_GT(pieces.end(i), pieces.begin(i));
      next = pieces.end(i);
    }
    EXPECT_EQ(next, count);
  }
}

TEST(Pieces, HoldTheWorkAskedFor) {
  EXPECT_EQ(cut(1000, 10, 200, 4).piece, 20);
}

TEST(Pieces, AreSmallerWhereThereWouldBeTooFew) {
  const Pieces pieces = cut(100, 1, 1'000'000, 8);
  EXPECT_EQ(pieces.piece, 12);
  EXPECT_GE(pieces.number(), 8);
}

TEST(Pieces, HoldOneThingAtLeast) {
  EXPECT_EQ(cut(3, 1'000'000, 10, 8).piece, 1);
  EXPECT_EQ(cut(3, 0, 2, 1).piece, 2);  // things without work
}

}  // namespace
}  // namespace mtmi::host
