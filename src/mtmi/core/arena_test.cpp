#include "mtmi/core/arena.h"

#include <cstdint>
#include <limits>
#include <utility>

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

TEST(Arena, IsZeroedAlignedAndWritable) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{5} << 20}) {
    const Arena arena(size, "a test");
    ASSERT_NE(arena.data(), nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.data()) % 4096, 0U);
    EXPECT_EQ(arena.data()[size - 1], std::byte{0});
    arena.data()[size - 1] = std::byte{7};
    EXPECT_EQ(arena.data()[size - 1], std::byte{7});
  }
}

TEST(Arena, MovesAndMayBeEmpty) {
  Arena a(4096, "a test");
  std::byte* const data = a.data();
  const Arena b = std::move(a);
  EXPECT_EQ(b.data(), data);
  EXPECT_EQ(Arena(0, "nothing").data(), nullptr);
}

TEST(Arena, RefusesWhatIsOverTheLimit) {
  EXPECT_THROW(Arena(std::numeric_limits<std::size_t>::max() / 2, "too much"), Error);
}

}  // namespace
}  // namespace mtmi
