#include "mtmi/core/memory_limit.h"

#include <cstddef>
#include <limits>

#include <gtest/gtest.h>

#include "mtmi/core/arena.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

/// A limit for the time of one test.
class LimitedTo {
 public:
  explicit LimitedTo(std::size_t bytes) : before_(memory_limit()) { set_memory_limit(bytes); }

  LimitedTo(const LimitedTo&) = delete;
  LimitedTo& operator=(const LimitedTo&) = delete;

  ~LimitedTo() { set_memory_limit(before_); }

 private:
  std::size_t before_;
};

TEST(MemoryLimit, CountsArenasThatNothingWasWrittenTo) {
  const LimitedTo limit(1024 * kMiB);
  const Arena first(640 * kMiB, "the first");
  try {
    const Arena second(640 * kMiB, "the second");
    FAIL() << "1280 MiB were taken under a limit of 1024 MiB";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::OutOfMemory);
    EXPECT_NE(std::string(error.what()).find("the second needs 640 MiB"), std::string::npos)
        << error.what();
  }
}

TEST(MemoryLimit, WhatWasGivenBackMayBeTakenAgain) {
  const LimitedTo limit(1024 * kMiB);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NO_THROW(Arena(640 * kMiB, "an arena"));
  }
}

TEST(MemoryLimit, OfVectorsIsAskedBeforeTheyAreTaken) {
  const LimitedTo limit(64 * kMiB);
  EXPECT_THROW(static_cast<void>(zeros_within_limit<float>(std::int64_t{1} << 30, "x")), Error);
  EXPECT_THROW(
      static_cast<void>(zeros_within_limit<float>(std::numeric_limits<std::int64_t>::max(), "x")),
      Error);
  EXPECT_EQ(zeros_within_limit<float>(3, "x"), std::vector<float>(3));
}

}  // namespace
}  // namespace mtmi
