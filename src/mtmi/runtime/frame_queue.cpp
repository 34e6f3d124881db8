#include "mtmi/runtime/frame_queue.h"

#include <utility>

#include "mtmi/runtime/counted_lock.h"

namespace mtmi::runtime {

FrameQueue::FrameQueue(QueuePolicy policy, std::size_t capacity)
    : policy_(policy), ring_(policy == QueuePolicy::LatestOnly ? 1 : capacity) {}

std::optional<QueuedFrame> FrameQueue::take_oldest() {
  if (size_ == 0) {
    return std::nullopt;
  }
  std::optional<QueuedFrame> oldest(std::move(ring_[begin_]));
  begin_ = (begin_ + 1) % ring_.size();
  --size_;
  return oldest;
}

bool FrameQueue::push(QueuedFrame frame, Drop drop) {
  std::optional<QueuedFrame> dropped;
  {
    auto lock = lock_counted(mutex_, contentions_);
    if (policy_ == QueuePolicy::Block) {
      changed_.wait(lock, [this] { return closed_ || size_ < ring_.size(); });
    } else if (size_ == ring_.size()) {
      dropped = take_oldest();
    }
    if (closed_) {
      return false;
    }
    ring_[(begin_ + size_) % ring_.size()] = std::move(frame);
    ++size_;
  }
  changed_.notify_all();
  if (dropped) {
    drop(*dropped);
  }
  return true;
}

std::optional<QueuedFrame> FrameQueue::pop() {
  std::optional<QueuedFrame> oldest;
  {
    auto lock = lock_counted(mutex_, contentions_);
    changed_.wait(lock, [this] { return closed_ || size_ > 0; });
    oldest = take_oldest();
  }
  changed_.notify_all();
  return oldest;
}

std::optional<QueuedFrame> FrameQueue::try_pop() {
  std::optional<QueuedFrame> oldest;
  {
    const auto lock = lock_counted(mutex_, contentions_);
    if (!closed_) {
      oldest = take_oldest();
    }
  }
  if (oldest) {
    changed_.notify_all();
  }
  return oldest;
}

void FrameQueue::close(Drop drop) {
  {
    const auto lock = lock_counted(mutex_, contentions_);
    closed_ = true;
  }
  changed_.notify_all();
  while (const std::optional<QueuedFrame> frame = pop()) {
    drop(*frame);
  }
}

}  // namespace mtmi::runtime
