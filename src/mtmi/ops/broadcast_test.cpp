#include "mtmi/ops/broadcast.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::ops {
namespace {

TEST(Broadcast, AlignsAtTheInnermostAxis) {
  EXPECT_EQ(broadcast(Shape{2, 3, 4}, Shape{4}), (Shape{2, 3, 4}));
  EXPECT_EQ(broadcast(Shape{3, 1}, Shape{2, 1, 4}), (Shape{2, 3, 4}));
  EXPECT_EQ(broadcast(Shape{}, Shape{2}), (Shape{2}));
}

TEST(Broadcast, AnEmptyAxisStaysEmpty) {
  EXPECT_EQ(broadcast(Shape{0}, Shape{1}), (Shape{0}));
  EXPECT_THROW(static_cast<void>(broadcast(Shape{0}, Shape{2})), Error);
}

TEST(Broadcast, RefusalNamesBothShapes) {
  try {
    static_cast<void>(broadcast(Shape{2, 3}, Shape{4}));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "got shapes [2,3] and [4], expected shapes that broadcast");
  }
}

}  // namespace
}  // namespace mtmi::ops
