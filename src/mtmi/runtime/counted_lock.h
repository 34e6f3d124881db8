// A lock that counts how often it had to wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

namespace mtmi::runtime {

/// Locks `mutex`; adds one to `contentions` if somebody else held it.
[[nodiscard]] inline std::unique_lock<std::mutex> lock_counted(
    std::mutex& mutex, std::atomic<std::int64_t>& contentions) {
  std::unique_lock lock(mutex, std::try_to_lock);
  if (!lock.owns_lock()) {
    ++contentions;
    lock.lock();
  }
  return lock;
}

}  // namespace mtmi::runtime
