#include "mtmi/cli/sizes.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::cli {
namespace {

TEST(Sizes, PixelsAreHeightThenWidth) {
  EXPECT_EQ(parse_pixel_size("512x1024").height, 512);
  EXPECT_EQ(parse_pixel_size("512x1024").width, 1024);
  for (const char* bad : {"", "512", "x", "512x", "x512", "0x4", "-1x4", "512x1024x3", "5 x4"}) {
    EXPECT_THROW(static_cast<void>(parse_pixel_size(bad)), Error) << bad;
  }
}

TEST(Sizes, DimsAreCommaSeparated) {
  EXPECT_EQ(parse_dims("1,3,640,640"), (Shape{1, 3, 640, 640}));
  for (const char* bad : {"", "1,", ",1", "1x2", "-1", "99999999999999999999"}) {
    EXPECT_THROW(static_cast<void>(parse_dims(bad)), Error) << bad;
  }
}

TEST(Sizes, AssignmentSplitsAtTheLastEquals) {
  EXPECT_EQ(parse_assignment("a=b=c"), (std::pair<std::string, std::string>{"a=b", "c"}));
  EXPECT_THROW(static_cast<void>(parse_assignment("novalue=")), Error);
}

TEST(Sizes, BytesTakeBinaryUnits) {
  EXPECT_EQ(parse_bytes("2GiB"), std::size_t{2} << 30);
  EXPECT_EQ(parse_bytes("512M"), std::size_t{512} << 20);
  EXPECT_EQ(parse_bytes("77"), 77U);
  for (const char* bad : {"", "0", "2GB", "99999999999GiB", "-1"}) {
    EXPECT_THROW(static_cast<void>(parse_bytes(bad)), Error) << bad;
  }
}

}  // namespace
}  // namespace mtmi::cli
