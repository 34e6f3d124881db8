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

TEST(Markup, BreaksNamesBehindPunctuation) {
  EXPECT_EQ(escape_breakable("/model/a.b<c"), "/<wbr>model/<wbr>a.b&lt;c");
  EXPECT_EQ(escape_breakable("name"), "name");
  EXPECT_EQ(escape_breakable("end/"), "end/");
  EXPECT_EQ(escape_breakable(""), "");
}

TEST(Markup, BendsInTheDirectionOfTheArrow) {
  Path level(0, 0);
  level.bend_to(10, 20, true);
  EXPECT_EQ(level.data(), "M0.0,0.0 C5.0,0.0 5.0,20.0 10.0,20.0");
  Path down(0, 0);
  down.line_to(0, 4);
  down.bend_to(10, 24, false);
  EXPECT_EQ(down.data(), "M0.0,0.0 L0.0,4.0 C0.0,14.0 10.0,14.0 10.0,24.0");
}

TEST(Markup, EscapesNamesInDrawings) {
  Drawing drawing(10, 10, Width::Any, "<label>");
  drawing.text(0, 0, "<script>", "small");
  drawing.rectangle(0, 0, 1, 1, "box", "\"><script>");
  EXPECT_THAT(drawing.finish(), Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace mtmi::report
