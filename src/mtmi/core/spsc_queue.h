// A queue between two threads.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "mtmi/core/wait_word.h"

namespace mtmi {

/// First in, first out, of fixed capacity; one thread pushes, one pops. No lock, no allocation
/// after construction, no system call unless one side sleeps.
template <class T>
class SpscQueue {
 public:
  /// Pre: capacity > 0.
  explicit SpscQueue(std::size_t capacity)
      : ring_(capacity), capacity_(static_cast<std::uint32_t>(capacity)) {}

  /// Blocks while the queue is full.
  void push(T value) noexcept {
    const std::uint32_t index = pushed_.load(std::memory_order_relaxed);
    sleep_until(popped_,
                [this, index](std::uint32_t popped) { return index - popped < capacity_; });
    ring_[index % capacity_] = std::move(value);
    advance(pushed_, index + 1);
  }

  /// Whether no entry is left. For either thread, and for who has a lock that keeps both away.
  [[nodiscard]] bool empty() const noexcept { return pushed_.load() == popped_.load(); }

  /// Sleeps until there is an entry, at most `limit`. For the thread that pops.
  void wait(std::chrono::nanoseconds limit) noexcept {
    const std::uint32_t index = popped_.load(std::memory_order_relaxed);
    sleep_until(
        pushed_, [index](std::uint32_t pushed) { return pushed != index; }, limit);
  }

  /// The oldest entry; nothing if there is none within `limit`.
  [[nodiscard]] std::optional<T> pop(std::chrono::nanoseconds limit = kNoLimit) noexcept {
    const std::uint32_t index = popped_.load(std::memory_order_relaxed);
    if (!sleep_until(
            pushed_, [index](std::uint32_t pushed) { return pushed != index; }, limit)) {
      return std::nullopt;
    }
    std::optional<T> value(std::move(ring_[index % capacity_]));
    advance(popped_, index + 1);
    return value;
  }

 private:
  using Counter = std::atomic<std::uint32_t>;

  /// Who changes a counter looks for sleepers after it; who sleeps says so before it looks at the
  /// counter again. Both are sequentially consistent, so one of the two sees the other.
  void advance(Counter& counter, std::uint32_t value) noexcept {
    counter.store(value);
    if (sleepers_.load() > 0) {
      wake_all(counter);
    }
  }

  template <class Condition>
  bool sleep_until(Counter& counter,
                   const Condition& holds,
                   std::chrono::nanoseconds limit = kNoLimit) noexcept {
    if (holds(counter.load())) {
      return true;
    }
    const auto begin = std::chrono::steady_clock::now();
    ++sleepers_;
    bool held = false;
    for (auto left = limit;; left = limit - (std::chrono::steady_clock::now() - begin)) {
      const std::uint32_t seen = counter.load();
      held = holds(seen);
      if (held || left.count() <= 0) {
        break;
      }
      sleep_while(counter, seen, left);
    }
    --sleepers_;
    return held;
  }

  std::vector<T> ring_;
  std::uint32_t capacity_;
  // Both only grow, and wrap around together. Entry i lies at i % capacity_.
  alignas(64) Counter pushed_{0};
  alignas(64) Counter popped_{0};
  alignas(64) std::atomic<int> sleepers_{0};
};

}  // namespace mtmi
