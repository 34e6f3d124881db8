#include "mtmi/report/markup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Markup, EscapesWhatMeansSomethingInHtml) {
  EXPECT_EQ(escape("a<b>&\"c\""), "a&lt;b&gt;&amp;&quot;c&quot;");
}

// RFC 4648, section 10.
TEST(Markup, GivesTheVectorsOfTheBase64Standard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Markup, EncodesBytesThatAreNoText) {
  EXPECT_EQ(base64(std::string_view("\xff\x00\x80", 3)), "/wCA");
}

TEST(Markup, KeepsTheEndOfALongName) {
  EXPECT_EQ(shorten_front("short", 10), "short");
  EXPECT_EQ(shorten_front("/model/head/fuse/Conv", 9), "…use/Conv");
}

TEST(Markup, CutsNoCharacterInHalf) {
  EXPECT_EQ(shorten_front("ab\xc3\xa9yz", 4), "…yz");
}

TEST(Markup, TellsBytesInThreeDigits) {
  EXPECT_EQ(bytes_text(512), "512 B");
  EXPECT_EQ(bytes_text(8126464), "8.13 MB");
}

TEST(Markup, EscapesNamesInDrawings) {
  Drawing drawing(10, 10, "<label>");
  drawing.text(0, 0, "<script>", "small");
  drawing.rectangle(0, 0, 1, 1, "box", "\"><script>");
  EXPECT_THAT(drawing.finish(), Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace mtmi::report
