// Events: what orders work across streams and devices, and carries a failure to where it is
// awaited.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "mtmi/error.h"

namespace mtmi {

/// One clock for every device of the process [ns]; virtual in tests.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual std::int64_t now_ns() const noexcept = 0;

  /// Whether time passes in events alone: a run ends at once and says when it would have ended.
  [[nodiscard]] virtual bool is_virtual() const noexcept { return false; }
};

/// The machine's monotonic clock.
[[nodiscard]] const Clock& steady_clock() noexcept;
/// A virtual one. It stands at 0, so that it never holds anything up.
[[nodiscard]] const Clock& virtual_clock() noexcept;

/// When the work that an event stands for ran [ns on the device's Clock].
struct Timing {
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
};

/// Signalled once by one enqueued Invocation, then reset for the next frame. Any number of waiters.
///
/// Life: reset() -> enqueue(..., signal) -> signalled, with a Timing and perhaps an Error ->
/// reset(). Thread-safe, but reset() only when nobody waits and nothing enqueued will signal it.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  virtual ~Event() = default;

  virtual void reset() noexcept = 0;
  /// Whether the work has finished or failed. Never blocks.
  [[nodiscard]] virtual bool is_signalled() const noexcept = 0;
  /// Blocks the calling thread; false when `timeout` passed first.
  [[nodiscard]] virtual bool wait_for(std::chrono::nanoseconds timeout) const noexcept = 0;
  /// Pre: is_signalled(). Why the work failed; nothing if it succeeded.
  [[nodiscard]] virtual const std::optional<Error>& error() const noexcept = 0;
  /// Pre: is_signalled().
  [[nodiscard]] virtual Timing timing() const noexcept = 0;
};

}  // namespace mtmi
