// A backend that only takes time: what pipelines are tested and measured with.
#pragma once

#include <memory>

#include "mtmi/device/backend.h"

namespace mtmi {

/// What time means to delay devices.
enum class DelayTime {
  Real,     ///< a run sleeps for its duration
  Virtual,  ///< a run ends at once and says when it would have ended: exact, whatever the host does
};

/// Lets go what hangs. Thread-safe; may outlive the backend and its devices.
class DelayControl {
 public:
  DelayControl();
  ~DelayControl();

  /// Runs that hang fail now, and so do those to come.
  void release() noexcept;
  /// Sleeps until release().
  void wait() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Any number of devices "delay:N", all on one clock.
///
/// On virtual time no clock runs: a run begins when the run before it and all that it awaits have
/// ended, and its events carry the times.
[[nodiscard]] std::unique_ptr<Backend> make_delay_backend(
    DelayTime time = DelayTime::Real,
    std::shared_ptr<DelayControl> control = std::make_shared<DelayControl>());

}  // namespace mtmi
