#include "mtmi/core/format_bytes.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(FormatBytes, CountsInUnitsOf1024) {
  EXPECT_EQ(format_bytes(0), "0 bytes");
  EXPECT_EQ(format_bytes(1), "1 byte");
  EXPECT_EQ(format_bytes(1023), "1023 bytes");
  EXPECT_EQ(format_bytes(1024), "1.0 KiB");
  EXPECT_EQ(format_bytes((std::size_t{1} << 20) - 1), "1.0 MiB") << "not 1024.0 KiB";
  EXPECT_EQ(format_bytes(1023 * 1024), "1023.0 KiB");
  EXPECT_EQ(format_bytes(3670016), "3.5 MiB");
  EXPECT_EQ(format_bytes(std::size_t{3} << 40), "3.0 TiB");
  EXPECT_EQ(format_bytes(std::size_t{5000} << 40), "5000.0 TiB");
}

}  // namespace
}  // namespace mtmi
