#include "mtmi/runtime/pipeline.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

#include "mtmi/core/assert.h"
#include "mtmi/core/log.h"
#include "mtmi/runtime/collector.h"
#include "mtmi/runtime/frame_check.h"
#include "mtmi/runtime/frame_queue.h"
#include "mtmi/runtime/result_board.h"

namespace mtmi::runtime {
namespace {

using std::chrono::milliseconds;

// Results made at once; the pool grows to as many as are ever out at a time.
constexpr std::size_t kFirstResults = 2;
// How often a thread that waits for a slot looks whether there can be one.
constexpr milliseconds kStarvedPoll(50);
// Without waiting.
constexpr std::chrono::nanoseconds kAtOnce(0);
// What is filled quicker than a sleeping thread wakes up.
constexpr std::chrono::microseconds kQuickFill(50);
// What devices that hang are given, when the pipeline ends, to come back.
constexpr milliseconds kLastGrace(200);

/// Machinery that a hung device may still use, to the end of the process.
void leave_for_ever(std::unique_ptr<Machinery> machinery) {
  static auto* const left = new std::vector<std::unique_ptr<Machinery>>();
  left->push_back(std::move(machinery));
  log_warning("a device does not come back: its buffers and streams are left to it");
}

}  // namespace

struct Pipeline::State {
  Plan plan;
  PipelineOptions options;
  std::unique_ptr<Machinery> machinery;
  std::shared_ptr<ResultPool> pool;  // shared with the results that are out
  ResultBoard board;
  FrameQueue queue;
  SlotQueue vacant;
  SlotQueue in_flight;
  Collector collector;
  // Frames begin one at a time, in their order, and only under this. The feeder has it but while it
  // sleeps for want of a slot; then the collector may have it.
  std::mutex feeding;
  std::int64_t num_begun = 0;
  std::int64_t last_fill_ns = 0;
  std::thread feeder_thread;
  std::thread collector_thread;

  State(Plan the_plan,
        std::shared_ptr<DeviceSet> devices,
        const EngineSource& engines,
        PipelineOptions the_options)
      : plan(std::move(the_plan)),
        options(std::move(the_options)),
        machinery(build_machinery(plan, std::move(devices), engines, num_slots())),
        pool(ResultPool::make(plan, options.wanted, kFirstResults)),
        board(options.on_result, num_slots() + options.queue + 2),
        queue(options.policy, options.queue),
        vacant(num_slots() + 1),
        in_flight(num_slots() + 1),
        collector(plan, *machinery, options, *pool, board, vacant, [this](FrameSlot& slot) {
          return refill(slot);
        }) {
    for (const auto& slot : machinery->slots) {
      if (options.check_frames) {
        poison(*slot);
      }
      vacant.push(slot.get());
    }
  }

  [[nodiscard]] std::size_t num_slots() const { return options.serial ? 1 : plan.slots; }

  /// nullptr while every slot is kept aside. Takes them in the order in which they were vacated:
  /// `lock`, of `feeding`, is given up only where there is none.
  FrameSlot* take_slot(std::unique_lock<std::mutex>& lock) {
    while (true) {
      if (const std::optional<FrameSlot*> slot = vacant.pop(kAtOnce)) {
        return *slot;
      }
      if (collector.is_starved()) {
        return nullptr;
      }
      lock.unlock();
      vacant.wait(kStarvedPoll);
      lock.lock();
    }
  }

  void feed() {
    std::unique_lock lock(feeding);
    while (true) {
      // The slot first: when there is one, the freshest frame is wanted.
      FrameSlot* slot = take_slot(lock);
      bool is_used = false;
      while (!is_used) {
        std::optional<QueuedFrame> queued = queue.pop();
        if (!queued) {
          in_flight.push(nullptr);
          return;
        }
        is_used = begin_frame(slot, *queued);
      }
    }
  }

  /// For the collector, whose slot the feeder would have to be woken for. Frames that take long to
  /// fill are left to the feeder: meanwhile other frames end.
  bool refill(FrameSlot& slot) {
    const std::unique_lock lock(feeding, std::try_to_lock);
    if (!lock || !vacant.empty() || last_fill_ns > std::chrono::nanoseconds(kQuickFill).count()) {
      return false;
    }
    while (std::optional<QueuedFrame> queued = queue.try_pop()) {
      if (begin_frame(&slot, *queued)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a new slot is needed for the next frame.
  bool begin_frame(FrameSlot* slot, QueuedFrame& queued) {
    const std::int64_t now_ns = machinery->clock->now_ns();
    const std::int64_t capture_ns = *queued.frame.capture_ns;
    if (options.freshness && now_ns - capture_ns > options.freshness->count()) {
      collector.finish_without_slot(
          queued.frame, queued.ticket, capture_ns, FrameStatus::Dropped, std::nullopt);
      return false;
    }
    if (slot == nullptr) {
      collector.finish_without_slot(queued.frame,
                                    queued.ticket,
                                    capture_ns,
                                    FrameStatus::Failed,
                                    Error(ErrorCode::DeviceFailure,
                                          "runtime::Pipeline",
                                          "device lost: no frame slot is left to work with"));
      return true;
    }
    slot->ticket = queued.ticket;
    slot->id = queued.frame.id;
    slot->capture_ns = capture_ns;
    fill(*slot, queued.frame);
    enqueue(*slot);
    in_flight.push(slot);
    return true;
  }

  void fill(FrameSlot& slot, const Frame& frame) {
    slot.fill = {.start_ns = machinery->clock->now_ns(), .end_ns = 0};
    try {
      if (options.check_frames) {
        prepare_checks(slot);
      }
      frame.fill(slot.inputs);
    } catch (const Error& error) {
      slot.error.emplace(error.code(), error.where(), std::string(error.what()));
    } catch (const std::exception& error) {
      slot.error.emplace(ErrorCode::InvalidArgument, "runtime::Pipeline", error.what());
    }
    slot.fill.end_ns = machinery->clock->now_ns();
    last_fill_ns = slot.fill.end_ns - slot.fill.start_ns;
  }

  void prepare_checks(FrameSlot& slot) const {
    const std::optional<std::string> intrusion = find_intrusion(plan, slot);
    stamp(plan, slot);
    if (intrusion) {
      throw Error(ErrorCode::DeviceFailure, "runtime::check_frames", "frame check: " + *intrusion);
    }
  }

  void enqueue(FrameSlot& slot) {
    const std::int64_t turn = num_begun++;
    Event* previous = nullptr;
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
      StageRunner& runner = *machinery->stages[i];
      slot.unit_of[i] = choose_unit(slot, i, turn);
      if (!slot.runs_stage(i)) {
        continue;
      }
      std::array<Event*, Stream::kMaxWaits> waits{};
      std::size_t num_waits = 0;
      for (const std::size_t producer : runner.reads) {
        waits[num_waits++] = &slot.done(producer);
      }
      // It has been signalled long ago; the stage takes from it, on the device's clock, when the
      // last reader of what it overwrites had ended.
      if (num_waits == 0) {
        waits[num_waits++] = &slot.vacated;
      }
      if (options.serial && previous != nullptr) {
        waits[num_waits++] = previous;
      }
      previous = &slot.done(i);
      previous->reset();
      const auto unit = static_cast<std::size_t>(slot.unit_of[i]);
      runner.units[unit].stream->enqueue(
          *slot.runs[i][unit].invocation, std::span(waits.data(), num_waits), *previous);
    }
  }

  [[nodiscard]] int choose_unit(const FrameSlot& slot, std::size_t stage, std::int64_t turn) const {
    if (slot.error || turn % plan.stages[stage].every != 0) {
      return kNotItsTurn;
    }
    for (const std::size_t producer : machinery->stages[stage]->reads) {
      if (!slot.runs_stage(producer)) {
        return slot.unit_of[producer];
      }
    }
    return machinery->stages[stage]->active;
  }

  void finish_dropped(const QueuedFrame& queued) {
    collector.finish_without_slot(
        queued.frame, queued.ticket, *queued.frame.capture_ns, FrameStatus::Dropped, std::nullopt);
  }
};

Pipeline::Pipeline(Plan plan,
                   std::shared_ptr<DeviceSet> devices,
                   const EngineSource& engines,
                   PipelineOptions options)
    : state_(std::make_unique<State>(
          std::move(plan), std::move(devices), engines, std::move(options))) {
  State* const state = state_.get();
  state->feeder_thread = std::thread([state] { state->feed(); });
  state->collector_thread = std::thread([state] { state->collector.run(state->in_flight); });
  pthread_setname_np(state->feeder_thread.native_handle(), "mtmi-feed");
  pthread_setname_np(state->collector_thread.native_handle(), "mtmi-collect");
}

Pipeline::~Pipeline() {
  state_->queue.close([this](const QueuedFrame& frame) { state_->finish_dropped(frame); });
  state_->feeder_thread.join();
  state_->collector_thread.join();
  if (!state_->collector.wait_for_quarantined(kLastGrace)) {
    leave_for_ever(std::move(state_->machinery));
  }
}

std::uint64_t Pipeline::submit(Frame frame) {
  if (!frame.capture_ns) {
    frame.capture_ns = state_->machinery->clock->now_ns();
  }
  const std::uint64_t ticket = state_->board.open();
  const bool is_taken =
      state_->queue.push({.frame = std::move(frame), .ticket = ticket},
                         [this](const QueuedFrame& old) { state_->finish_dropped(old); });
  MTMI_ASSERT(is_taken);  // closed by the destructor only
  return ticket;
}

ResultLease Pipeline::wait(std::uint64_t ticket, std::chrono::nanoseconds timeout) {
  return state_->board.wait(ticket, timeout);
}

void Pipeline::drain() {
  state_->board.wait_for_all();
}

const Plan& Pipeline::plan() const noexcept {
  return state_->plan;
}

const Clock& Pipeline::clock() const noexcept {
  return *state_->machinery->clock;
}

PipelineCounters Pipeline::counters() const noexcept {
  PipelineCounters counters = state_->collector.counters();
  counters.lock_contentions = state_->queue.contentions() + state_->board.contentions();
  return counters;
}

}  // namespace mtmi::runtime
