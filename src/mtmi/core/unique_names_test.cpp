#include "mtmi/core/unique_names.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(UniqueNames, TheSecondOfANameGetsANumber) {
  UniqueNames names;
  EXPECT_EQ(names.take("a/b", "output 'a/b'"), "a_b");
  EXPECT_EQ(names.take("a_b", "output 'a_b'"), "a_b-2");
  EXPECT_EQ(names.take("a b", "output 'a b'"), "a_b-3");
}

TEST(UniqueNames, ANumberedNameCanBeTakenToo) {
  UniqueNames names;
  EXPECT_EQ(names.take("x-2", "output 'x-2'"), "x-2");
  EXPECT_EQ(names.take("x", "output 'x'"), "x");
  EXPECT_EQ(names.take("x", "output 'x'"), "x-3");
}

}  // namespace
}  // namespace mtmi
