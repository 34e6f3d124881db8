// What a simulated core is told to do besides computing: how long to take, and when to fail.
#pragma once

#include <cstdint>
#include <optional>

#include "mtmi/device/backend.h"

namespace mtmi::dla_sim {

/// What time means to a core.
enum class Time : std::uint8_t {
  Real,   ///< a run takes as long as it takes this machine
  Model,  ///< and then waits until the time that dla/cost.h predicts has passed
};

/// Runs of an executable are counted from 0.
struct Behaviour {
  Time time = Time::Real;
  double slow_down = 1.0;                ///< every run takes this many times as long
  std::optional<std::int64_t> fail_at;   ///< this run fails, with DeviceFailure
  std::optional<std::int64_t> wrong_at;  ///< this run's results are inverted bit by bit
  std::optional<std::int64_t> hang_at;   ///< this run does not end before release_hanging_runs()
  bool operator==(const Behaviour&) const = default;
};

/// time "real" or "model", slow_down, fail_at, hang_at, wrong_at.
/// Throws Error(InvalidArgument) naming a setting that is unknown, or has another kind of value.
[[nodiscard]] Behaviour read_behaviour(const DeviceOptions& options);

/// Lets every run that hangs end now, with DeviceFailure, and those to come. For tests.
void release_hanging_runs() noexcept;

/// Sleeps until release_hanging_runs().
void hang() noexcept;

}  // namespace mtmi::dla_sim
