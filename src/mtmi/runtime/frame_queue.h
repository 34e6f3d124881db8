// Frames that wait for a slot.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "mtmi/core/thread_pool.h"
#include "mtmi/plan/target.h"
#include "mtmi/runtime/frame.h"

namespace mtmi::runtime {

struct QueuedFrame {
  Frame frame;
  std::uint64_t ticket = 0;
};

/// Bounded, first in, first out; what happens when it is full is its policy. Thread-safe.
class FrameQueue {
 public:
  /// Pre: capacity > 0. LatestOnly holds one frame, whatever `capacity`.
  FrameQueue(QueuePolicy policy, std::size_t capacity);

  /// Called with every frame that is given up, without the queue's lock.
  using Drop = FunctionRef<void(const QueuedFrame&)>;

  /// Adds a frame; Block waits for room. Returns false, adding nothing, if the queue is closed.
  bool push(QueuedFrame frame, Drop drop);
  /// The oldest frame; waits for one. Nothing once the queue is closed.
  [[nodiscard]] std::optional<QueuedFrame> pop();
  /// The oldest frame, if there is one and the queue is open. Does not wait.
  [[nodiscard]] std::optional<QueuedFrame> try_pop();
  /// Drops what waits; wakes everyone.
  void close(Drop drop);

  /// How often a thread had to wait for another to leave.
  [[nodiscard]] std::int64_t contentions() const noexcept { return contentions_; }

 private:
  std::optional<QueuedFrame> take_oldest();

  QueuePolicy policy_;
  std::vector<QueuedFrame> ring_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
  bool closed_ = false;
  std::atomic<std::int64_t> contentions_{0};
};

}  // namespace mtmi::runtime
