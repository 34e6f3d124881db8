#include "mtmi/device/host_event.h"

#include <algorithm>
#include <climits>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mtmi/core/assert.h"

namespace mtmi {
namespace {

// One sleep; longer waits sleep again. Keeps the arithmetic of deadlines far from overflow.
constexpr std::chrono::nanoseconds kLongestSleep = std::chrono::hours(1);

// std::atomic::wait() knows no time limit, and a mutex with a condition variable costs a lock on
// every signal: so the system call that both stand on.
static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t) &&
              std::atomic<std::uint32_t>::is_always_lock_free);

void sleep_while(std::atomic<std::uint32_t>& word,
                 std::uint32_t value,
                 std::chrono::nanoseconds limit) noexcept {
  timespec relative{};
  relative.tv_sec = limit.count() / 1'000'000'000;
  relative.tv_nsec = limit.count() % 1'000'000'000;
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, &relative, nullptr, 0);
}

void wake_all(std::atomic<std::uint32_t>& word) noexcept {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

class SteadyClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const noexcept override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

}  // namespace

const Clock& steady_clock() noexcept {
  static const SteadyClock clock;
  return clock;
}

void HostEvent::reset() noexcept {
  error_.reset();
  timing_ = {};
  state_.store(kPending, std::memory_order_release);
}

bool HostEvent::is_signalled() const noexcept {
  return state_.load(std::memory_order_acquire) == kSignalled;
}

bool HostEvent::wait_for(std::chrono::nanoseconds timeout) const noexcept {
  if (is_signalled()) {
    return true;
  }
  const std::int64_t begin = steady_clock().now_ns();
  while (true) {
    std::uint32_t seen = kPending;
    if (!state_.compare_exchange_strong(seen, kAwaited, std::memory_order_acquire) &&
        seen == kSignalled) {
      return true;
    }
    const auto left = timeout - std::chrono::nanoseconds(steady_clock().now_ns() - begin);
    if (left.count() <= 0) {
      return is_signalled();
    }
    sleep_while(state_, kAwaited, std::min(left, kLongestSleep));
  }
}

const std::optional<Error>& HostEvent::error() const noexcept {
  MTMI_ASSERT(is_signalled());
  return error_;
}

Timing HostEvent::timing() const noexcept {
  MTMI_ASSERT(is_signalled());
  return timing_;
}

void HostEvent::signal(Timing timing) noexcept {
  MTMI_ASSERT(!is_signalled());
  timing_ = timing;
  publish();
}

void HostEvent::signal(Timing timing, const Error& error) noexcept {
  MTMI_ASSERT(!is_signalled());
  timing_ = timing;
  // A message of its own: copies of a std::runtime_error share theirs, and the thread sanitizer
  // does not see how libstdc++ counts the owners.
  error_.emplace(error.code(), error.where(), std::string(error.what()));
  publish();
}

void HostEvent::publish() noexcept {
  // A waiter may destroy the event as soon as the word says kSignalled: waking touches no member,
  // and the kernel refuses an address that is gone.
  std::atomic<std::uint32_t>& word = state_;
  if (word.exchange(kSignalled, std::memory_order_acq_rel) == kAwaited) {
    wake_all(word);
  }
}

}  // namespace mtmi
