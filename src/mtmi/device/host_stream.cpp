#include "mtmi/device/host_stream.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include <pthread.h>

#include "mtmi/core/assert.h"
#include "mtmi/core/spsc_queue.h"
#include "mtmi/device/host_event.h"

namespace mtmi {
namespace {

// How often a thread that sleeps on somebody else's event looks whether it was told to give up.
constexpr std::chrono::milliseconds kGiveUpPoll(20);

struct Entry {
  HostInvocation* invocation = nullptr;
  HostEvent* signal = nullptr;
  std::array<Event*, Stream::kMaxWaits> waits{};
  std::size_t num_waits = 0;
};

}  // namespace

Timing HostInvocation::run_timed(std::int64_t, const Clock& clock) {
  Timing timing{.start_ns = clock.now_ns(), .end_ns = 0};
  run();
  timing.end_ns = clock.now_ns();
  return timing;
}

struct HostStream::State {
  explicit State(const Clock& the_clock) : clock(the_clock) {}

  const Clock& clock;
  SpscQueue<Entry> queue{kMaxEnqueued};
  // How many entries were ever enqueued, and how many of those are not begun any more.
  std::atomic<std::uint32_t> enqueued{0};
  std::atomic<std::uint32_t> given_up{0};
  std::int64_t free_ns = 0;  // the worker's: when the last work ended
  std::thread worker;

  // The counters wrap around; the distance tells who is ahead.
  [[nodiscard]] bool is_given_up(std::uint32_t index) const noexcept {
    return static_cast<std::int32_t>(given_up.load() - index) > 0;
  }

  /// The error that an awaited event carries, or that this entry was given up.
  [[nodiscard]] const Error* await(const Entry& entry,
                                   std::uint32_t index,
                                   std::int64_t& ready) const {
    static const Error given_up_error(
        ErrorCode::DeviceFailure, "device::HostStream", "given up before it began: device lost");
    for (std::size_t i = 0; i < entry.num_waits; ++i) {
      const Event& event = *entry.waits[i];
      while (!is_given_up(index) && !event.wait_for(kGiveUpPoll)) {
      }
      if (is_given_up(index)) {
        break;
      }
      ready = std::max(ready, event.timing().end_ns);
      if (event.error().has_value()) {
        return &*event.error();
      }
    }
    return is_given_up(index) ? &given_up_error : nullptr;
  }

  void run(const Entry& entry, std::uint32_t index) noexcept {
    std::int64_t ready_ns = free_ns;
    if (const Error* error = await(entry, index, ready_ns); error != nullptr) {
      entry.signal->signal({.start_ns = ready_ns, .end_ns = ready_ns}, *error);
      return;
    }
    const std::int64_t begin_ns = std::max(ready_ns, clock.now_ns());
    try {
      const Timing timing = entry.invocation->run_timed(ready_ns, clock);
      free_ns = timing.end_ns;
      entry.signal->signal(timing);
    } catch (const Error& error) {
      fail(entry, begin_ns, error);
    } catch (const std::exception& error) {
      fail(entry, begin_ns, {ErrorCode::DeviceFailure, "device::HostStream", error.what()});
    } catch (...) {
      fail(entry, begin_ns, {ErrorCode::DeviceFailure, "device::HostStream", "unknown exception"});
    }
  }

  void fail(const Entry& entry, std::int64_t begin_ns, const Error& error) noexcept {
    free_ns = std::max(begin_ns, clock.now_ns());
    entry.signal->signal({.start_ns = begin_ns, .end_ns = free_ns}, error);
  }

  void push(const Entry& entry) noexcept {
    ++enqueued;
    queue.push(entry);
  }

  void work() noexcept {
    for (std::uint32_t index = 0;; ++index) {
      const Entry entry = *queue.pop();
      if (entry.invocation == nullptr) {
        return;
      }
      run(entry, index);
    }
  }
};

HostStream::HostStream(const Clock& clock, const std::string& name)
    : state_(std::make_unique<State>(clock)) {
  state_->worker = std::thread([state = state_.get()] { state->work(); });
  pthread_setname_np(state_->worker.native_handle(), name.substr(0, 15).c_str());
}

HostStream::~HostStream() {
  state_->push({});  // work of nobody: ends the worker
  state_->worker.join();
}

void HostStream::enqueue(Invocation& invocation, std::span<Event* const> waits, Event& signal) {
  MTMI_ASSERT(waits.size() <= kMaxWaits);
  Entry entry{.invocation = dynamic_cast<HostInvocation*>(&invocation),
              .signal = dynamic_cast<HostEvent*>(&signal),
              .waits = {},
              .num_waits = waits.size()};
  MTMI_ASSERT(entry.invocation != nullptr && entry.signal != nullptr);
  std::copy(waits.begin(), waits.end(), entry.waits.begin());
  state_->push(entry);
}

void HostStream::give_up() noexcept {
  state_->given_up.store(state_->enqueued.load());
}

}  // namespace mtmi
