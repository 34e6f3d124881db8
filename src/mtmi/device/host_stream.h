// The stream of devices that run on threads of the host.
#pragma once

#include <memory>
#include <string>

#include "mtmi/device/device.h"

namespace mtmi {

/// An Invocation that one host thread runs.
class HostInvocation : public Invocation {
 public:
  /// Does the work. Throws Error(DeviceFailure) (any other exception becomes one).
  virtual void run() = 0;
  /// Does the work and says when it ran. `ready_ns` is when the work before it and all that it
  /// awaited had ended, on `clock`. By default it measures run().
  [[nodiscard]] virtual Timing run_timed(std::int64_t ready_ns, const Clock& clock);
};

/// One thread that runs HostInvocations in the order in which they are enqueued and signals
/// HostEvents. What it awaits may be events of any device.
class HostStream final : public Stream {
 public:
  /// `name` is what debuggers call the thread (its first 15 characters). `clock` outlives it.
  HostStream(const Clock& clock, const std::string& name);
  ~HostStream() override;

  /// Pre: `invocation` is a HostInvocation, `signal` a HostEvent.
  void enqueue(Invocation& invocation, std::span<Event* const> waits, Event& signal) override;
  void give_up() noexcept override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtmi
