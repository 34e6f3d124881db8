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

struct Work {
  HostInvocation* invocation = nullptr;
  HostEvent* signal = nullptr;
  std::array<Event*, Stream::kMaxWaits> waits{};
  std::size_t num_waits = 0;
};

/// A place in the ring. The worker and give_up() may both want the work in it: who turns
/// `is_queued` from true to false has it, and signals its event.
struct Entry {
  Work work;
  std::uint32_t number = 0;  // counted from the first that was enqueued
  std::atomic<bool> is_queued{false};

  [[nodiscard]] bool take() noexcept { return is_queued.exchange(false); }
};

// As many as can be enqueued, one that the worker is just taking, one that is just being written.
constexpr std::uint32_t kRingSize = Stream::kMaxEnqueued + 2;
constexpr std::uint32_t kStop = UINT32_MAX;

const Error& given_up_error() {
  static const auto* const error = new Error(
      ErrorCode::DeviceFailure, "device::HostStream", "given up before it began: device lost");
  return *error;  // never destroyed: threads of devices that hang outlive main()
}

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
  std::array<Entry, kRingSize> ring;
  SpscQueue<std::uint32_t> queue{kMaxEnqueued};  // places in the ring, or kStop
  // How many pieces of work were ever enqueued, and how many of those are not begun any more.
  std::atomic<std::uint32_t> enqueued{0};
  std::atomic<std::uint32_t> given_up{0};
  std::int64_t free_ns = 0;  // the worker's: when the last work ended
  std::thread worker;

  // The counters wrap around; the distance tells who is ahead.
  [[nodiscard]] bool is_given_up(std::uint32_t number) const noexcept {
    return static_cast<std::int32_t>(given_up.load() - number) > 0;
  }

  /// The error that an awaited event carries, or that this work was given up meanwhile.
  [[nodiscard]] const Error* await(const Work& work,
                                   std::uint32_t number,
                                   std::int64_t& ready) const {
    for (std::size_t i = 0; i < work.num_waits; ++i) {
      const Event& event = *work.waits[i];
      while (!event.wait_for(kGiveUpPoll)) {
        if (is_given_up(number)) {
          return &given_up_error();
        }
      }
      ready = std::max(ready, event.timing().end_ns);
      if (event.error().has_value()) {
        return &*event.error();
      }
    }
    return is_given_up(number) ? &given_up_error() : nullptr;
  }

  void run(const Work& work, std::uint32_t number) noexcept {
    std::int64_t ready_ns = free_ns;
    if (const Error* error = await(work, number, ready_ns); error != nullptr) {
      work.signal->signal({.start_ns = ready_ns, .end_ns = ready_ns}, *error);
      return;
    }
    const std::int64_t begin_ns = std::max(ready_ns, clock.now_ns());
    try {
      const Timing timing = work.invocation->run_timed(ready_ns, clock);
      free_ns = timing.end_ns;
      work.signal->signal(timing);
    } catch (const Error& error) {
      fail(work, begin_ns, error);
    } catch (const std::exception& error) {
      fail(work, begin_ns, {ErrorCode::DeviceFailure, "device::HostStream", error.what()});
    } catch (...) {
      fail(work, begin_ns, {ErrorCode::DeviceFailure, "device::HostStream", "unknown exception"});
    }
  }

  void fail(const Work& work, std::int64_t begin_ns, const Error& error) noexcept {
    free_ns = std::max(begin_ns, clock.now_ns());
    work.signal->signal({.start_ns = begin_ns, .end_ns = free_ns}, error);
  }

  void push(const Work& work) noexcept {
    const std::uint32_t number = enqueued++;
    Entry& entry = ring[number % kRingSize];
    entry.work = work;
    entry.number = number;
    entry.is_queued = true;
    queue.push(number % kRingSize);
  }

  void give_up() noexcept {
    given_up.store(enqueued.load());
    const std::int64_t now_ns = clock.now_ns();
    for (Entry& entry : ring) {
      if (entry.take()) {
        entry.work.signal->signal({.start_ns = now_ns, .end_ns = now_ns}, given_up_error());
      }
    }
  }

  void work() noexcept {
    for (std::uint32_t place = *queue.pop(); place != kStop; place = *queue.pop()) {
      if (Entry& entry = ring[place]; entry.take()) {
        const Work taken = entry.work;
        run(taken, entry.number);
      }
    }
  }
};

HostStream::HostStream(const Clock& clock, const std::string& name)
    : state_(std::make_unique<State>(clock)) {
  state_->worker = std::thread([state = state_.get()] { state->work(); });
  pthread_setname_np(state_->worker.native_handle(), name.substr(0, 15).c_str());
}

HostStream::~HostStream() {
  state_->queue.push(kStop);
  state_->worker.join();
}

void HostStream::enqueue(Invocation& invocation, std::span<Event* const> waits, Event& signal) {
  MTMI_ASSERT(waits.size() <= kMaxWaits);
  Work work{.invocation = dynamic_cast<HostInvocation*>(&invocation),
            .signal = dynamic_cast<HostEvent*>(&signal),
            .waits = {},
            .num_waits = waits.size()};
  MTMI_ASSERT(work.invocation != nullptr && work.signal != nullptr);
  std::copy(waits.begin(), waits.end(), work.waits.begin());
  state_->push(work);
}

void HostStream::give_up() noexcept {
  state_->give_up();
}

}  // namespace mtmi
