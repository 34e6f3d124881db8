// Results on their way to whoever waits for them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "mtmi/runtime/frame.h"

namespace mtmi::runtime {

/// Which frames are under way, and the results that nobody has fetched. Thread-safe.
class ResultBoard {
 public:
  using OnResult = std::function<void(ResultLease)>;

  /// With `on_result` set, results go there, on a thread of the pipeline, and are not kept.
  /// Allocates nothing while no more than `expected` frames are under way or not fetched.
  ResultBoard(OnResult on_result, std::size_t expected);

  /// A new ticket.
  std::uint64_t open();
  /// The frame of result->ticket has ended.
  void finish(ResultLease result);

  /// The result of `ticket`; nullptr if it has not come within `timeout`.
  /// Throws Error(InvalidArgument) for a ticket that was never given or is fetched already.
  [[nodiscard]] ResultLease wait(std::uint64_t ticket, std::chrono::nanoseconds timeout);
  /// Returns when no frame is under way.
  void wait_for_all();

  [[nodiscard]] std::int64_t contentions() const noexcept { return contentions_; }

 private:
  [[nodiscard]] bool is_open(std::uint64_t ticket) const;
  [[nodiscard]] ResultLease fetch(std::uint64_t ticket);

  OnResult on_result_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::uint64_t> open_;  // tickets under way; few, so that searching is quick
  std::vector<ResultLease> finished_;
  std::uint64_t next_ticket_ = 1;
  int num_waiting_ = 0;  // for a ticket; who waits for all is woken once, at the end
  std::atomic<std::int64_t> contentions_{0};
};

}  // namespace mtmi::runtime
