#include "mtmi/device/host_event.h"

#include "mtmi/core/assert.h"
#include "mtmi/core/wait_word.h"

namespace mtmi {
namespace {

class SteadyClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const noexcept override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

class VirtualClock final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const noexcept override { return 0; }

  [[nodiscard]] bool is_virtual() const noexcept override { return true; }
};

}  // namespace

// Clocks are never destroyed: threads of devices that hang may ask them to the very end of the
// process.
// NOLINTBEGIN(bugprone-unhandled-exception-at-new): a few bytes, once
const Clock& steady_clock() noexcept {
  static const auto* const clock = new SteadyClock();
  return *clock;
}

const Clock& virtual_clock() noexcept {
  static const auto* const clock = new VirtualClock();
  return *clock;
}

// NOLINTEND(bugprone-unhandled-exception-at-new)

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
    sleep_while(state_, kAwaited, left);
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
