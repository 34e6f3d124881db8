// Sleeping on a 32-bit word, with a time limit.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace mtmi {

/// Sleeps while `word` holds `value`, at most `limit`. May return early: ask the word again.
///
/// std::atomic::wait() knows no time limit; a mutex with a condition variable costs a lock on every
/// signal. So this is the system call that both stand on.
void sleep_while(std::atomic<std::uint32_t>& word,
                 std::uint32_t value,
                 std::chrono::nanoseconds limit) noexcept;

/// Wakes all that sleep on `word`. Reads nothing: the word may be gone already.
void wake_all(std::atomic<std::uint32_t>& word) noexcept;

/// As a time limit: none.
inline constexpr std::chrono::nanoseconds kNoLimit = std::chrono::nanoseconds::max();

}  // namespace mtmi
