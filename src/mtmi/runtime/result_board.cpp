#include "mtmi/runtime/result_board.h"

#include <algorithm>
#include <string>
#include <utility>

#include "mtmi/core/wait_word.h"
#include "mtmi/error.h"
#include "mtmi/runtime/counted_lock.h"

namespace mtmi::runtime {

ResultBoard::ResultBoard(OnResult on_result, std::size_t expected)
    : on_result_(std::move(on_result)) {
  open_.reserve(expected);
  finished_.reserve(expected);
}

std::uint64_t ResultBoard::open() {
  const auto lock = lock_counted(mutex_, contentions_);
  open_.push_back(next_ticket_);
  return next_ticket_++;
}

void ResultBoard::finish(ResultLease result) {
  const std::uint64_t ticket = result->ticket;
  if (on_result_) {
    on_result_(std::move(result));
  }
  bool must_wake = false;
  {
    const auto lock = lock_counted(mutex_, contentions_);
    std::erase(open_, ticket);
    if (result != nullptr) {
      finished_.push_back(std::move(result));
    }
    // Waking a thread costs more than all else here: only who has something to gain is woken.
    must_wake = num_waiting_ > 0 || open_.empty();
  }
  if (must_wake) {
    changed_.notify_all();
  }
}

bool ResultBoard::is_open(std::uint64_t ticket) const {
  return std::find(open_.begin(), open_.end(), ticket) != open_.end();
}

ResultLease ResultBoard::fetch(std::uint64_t ticket) {
  const auto found =
      std::find_if(finished_.begin(), finished_.end(), [ticket](const ResultLease& result) {
        return result->ticket == ticket;
      });
  if (found == finished_.end()) {
    return nullptr;
  }
  ResultLease result = std::move(*found);
  finished_.erase(found);
  return result;
}

ResultLease ResultBoard::wait(std::uint64_t ticket, std::chrono::nanoseconds timeout) {
  auto lock = lock_counted(mutex_, contentions_);
  const auto ended = [this, ticket] { return !is_open(ticket); };
  // Deadlines beyond what a clock can tell would be in the past.
  constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(24 * 365);
  ++num_waiting_;
  const bool has_ended = changed_.wait_for(lock, std::min(timeout, kLongest), ended);
  --num_waiting_;
  if (!has_ended) {
    return nullptr;
  }
  ResultLease result = fetch(ticket);
  if (result == nullptr) {
    throw Error(ErrorCode::InvalidArgument,
                "runtime::ResultBoard",
                "no frame has the ticket " + std::to_string(ticket) +
                    ": it was never given, or its result is fetched already");
  }
  return result;
}

void ResultBoard::wait_for_all() {
  auto lock = lock_counted(mutex_, contentions_);
  changed_.wait(lock, [this] { return open_.empty(); });
}

}  // namespace mtmi::runtime
