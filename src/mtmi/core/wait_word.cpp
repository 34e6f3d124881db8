#include "mtmi/core/wait_word.h"

#include <algorithm>
#include <climits>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace mtmi {
namespace {

// Longer sleeps are cut: the caller sleeps again.
constexpr std::chrono::nanoseconds kLongestSleep = std::chrono::hours(1);

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t) &&
              std::atomic<std::uint32_t>::is_always_lock_free);

}  // namespace

void sleep_while(std::atomic<std::uint32_t>& word,
                 std::uint32_t value,
                 std::chrono::nanoseconds limit) noexcept {
  if (limit.count() <= 0) {
    return;
  }
  const std::int64_t ns = std::min(limit, kLongestSleep).count();
  timespec relative{};
  relative.tv_sec = ns / 1'000'000'000;
  relative.tv_nsec = ns % 1'000'000'000;
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, &relative, nullptr, 0);
}

void wake_all(std::atomic<std::uint32_t>& word) noexcept {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace mtmi
