#include "mtmi/core/printable.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(Printable, ControlCharactersAreNot) {
  EXPECT_TRUE(is_printable("backbone/conv1.weight 100 %"));
  EXPECT_TRUE(is_printable("f\xc3\xbc"));  // UTF-8 is
  EXPECT_FALSE(is_printable("two\nlines"));
  EXPECT_FALSE(is_printable("\x1b[31mred"));
  EXPECT_FALSE(is_printable("\x7f"));
}

TEST(Printable, MessagesShowThemAsQuestionMarks) {
  EXPECT_EQ(printable("a\tb\x1b[0m\n"), "a?b?[0m?");
}

}  // namespace
}  // namespace mtmi
