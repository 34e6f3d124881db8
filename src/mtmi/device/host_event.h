// The event of devices that run on threads of the host.
#pragma once

#include <atomic>

#include "mtmi/device/event.h"

namespace mtmi {

/// An Event that a thread signals. Steady state: no allocation, and no system call unless somebody
/// sleeps on it.
class HostEvent final : public Event {
 public:
  void reset() noexcept override;
  [[nodiscard]] bool is_signalled() const noexcept override;
  [[nodiscard]] bool wait_for(std::chrono::nanoseconds timeout) const noexcept override;
  [[nodiscard]] const std::optional<Error>& error() const noexcept override;
  [[nodiscard]] Timing timing() const noexcept override;

  /// Wakes every waiter. Pre: not signalled since the last reset().
  void signal(Timing timing) noexcept;
  /// The same for work that failed; copies `error`, which allocates.
  void signal(Timing timing, const Error& error) noexcept;

 private:
  static constexpr std::uint32_t kPending = 0;
  static constexpr std::uint32_t kAwaited = 1;  // someone sleeps, or is about to
  static constexpr std::uint32_t kSignalled = 2;

  void publish() noexcept;

  // The word that waiters sleep on. timing_ and error_ are written before it says kSignalled.
  mutable std::atomic<std::uint32_t> state_{kPending};
  Timing timing_;
  std::optional<Error> error_;
};

}  // namespace mtmi
