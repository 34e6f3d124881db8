#include "mtmi/dla/release.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::dla {
namespace {

using testing::HasSubstr;

TEST(Release, VersionsAreReadAndOrdered) {
  EXPECT_EQ(parse_version("8.6.11"), Version{});
  EXPECT_EQ(parse_version("10.3"), (Version{10, 3, 0}));
  EXPECT_LT(parse_version("8.6.2"), parse_version("8.6.12"));
  EXPECT_EQ(to_string(parse_version("8.6.12")), "8.6.12");
  EXPECT_EQ(to_string(parse_version("10.7")), "10.7");
}

TEST(Release, WhatIsNoVersionIsRefused) {
  for (const char* text : {"", "8", "8.6.1.6", "8.6.", "8..6", "8.-6", "eight.six", "8.6x"}) {
    EXPECT_THROW(static_cast<void>(parse_version(text)), Error) << text;
  }
  EXPECT_THROW(static_cast<void>(parse_version("8.4.3")), Error);
}

TEST(Release, TensorRt10Point7IsTheLastBeforeThePause) {
  const Chip& orin = find_chip("orin");
  EXPECT_TRUE(supports(parse_version("10.7"), orin));
  EXPECT_EQ(supports(parse_version("10.8"), orin).rule(), "dla.version");
  EXPECT_THAT(supports(parse_version("11.3"), orin).reason(),
              HasSubstr("11.3 does not support DLA"));
  EXPECT_THAT(supports(parse_version("11.4"), orin).reason(), HasSubstr("strongly typed"));
}

TEST(Release, AChipWithoutADlaSaysSo) {
  EXPECT_EQ(supports(Version{}, find_chip("orin-nano")).rule(), "dla.chip");
  try {
    static_cast<void>(find_chip("pear"));
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(),
                 "chip: got 'pear', expected one of orin, orin-nx-16, orin-nx-8, orin-nano");
  }
}

}  // namespace
}  // namespace mtmi::dla
