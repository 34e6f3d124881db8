#include "mtmi/backends/dla_sim/behaviour.h"

#include <atomic>
#include <charconv>

#include "mtmi/core/wait_word.h"
#include "mtmi/error.h"

namespace mtmi::dla_sim {
namespace {

[[noreturn]] void refuse(const std::string& key, const std::string& value, const char* expected) {
  throw Error(ErrorCode::InvalidArgument,
              "dla_sim::open",
              key + ": got '" + value + "', expected " + expected);
}

template <class T>
std::optional<T> number_of(const std::string& text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

std::int64_t run_number(const std::string& key, const std::string& value) {
  const auto number = number_of<std::int64_t>(value);
  if (!number || *number < 0) {
    refuse(key, value, "the number of a run, 0 or more");
  }
  return *number;
}

double factor(const std::string& key, const std::string& value) {
  const auto number = number_of<double>(value);
  if (!number || !(*number >= 1.0) || *number > 1e6) {
    refuse(key, value, "a factor from 1 to 1000000");
  }
  return *number;
}

Time time_of(const std::string& key, const std::string& value) {
  if (value != "real" && value != "model") {
    refuse(key, value, "real or model");
  }
  return value == "model" ? Time::Model : Time::Real;
}

// Of the process: a run that hangs may outlive its device.
std::atomic<std::uint32_t>& released() noexcept {
  static std::atomic<std::uint32_t> word{0};
  return word;
}

}  // namespace

Behaviour read_behaviour(const DeviceOptions& options) {
  Behaviour behaviour;
  for (const auto& [key, value] : options) {
    if (key == "time") {
      behaviour.time = time_of(key, value);
    } else if (key == "slow_down") {
      behaviour.slow_down = factor(key, value);
    } else if (key == "fail_at") {
      behaviour.fail_at = run_number(key, value);
    } else if (key == "wrong_at") {
      behaviour.wrong_at = run_number(key, value);
    } else if (key == "hang_at") {
      behaviour.hang_at = run_number(key, value);
    } else {
      throw Error(
          ErrorCode::InvalidArgument,
          "dla_sim::open",
          "got the setting '" + key + "', expected time, slow_down, fail_at, hang_at or wrong_at");
    }
  }
  return behaviour;
}

void release_hanging_runs() noexcept {
  released() = 1;
  wake_all(released());
}

void hang() noexcept {
  while (released() == 0) {
    sleep_while(released(), 0, kNoLimit);
  }
}

}  // namespace mtmi::dla_sim
