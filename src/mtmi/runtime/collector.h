// The end of a pipeline: awaits the stages of every frame, and deals with those that fail or hang.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

#include "mtmi/core/spsc_queue.h"
#include "mtmi/runtime/machinery.h"
#include "mtmi/runtime/pipeline_options.h"
#include "mtmi/runtime/result_board.h"

namespace mtmi::runtime {

using SlotQueue = SpscQueue<FrameSlot*>;

/// Takes slots in the order of their frames, awaits every stage within its time limit, copies the
/// results out and hands the slot back. run() is for one thread; the rest is thread-safe.
///
/// A stage that overruns its limit fails its frame, and the slot is kept aside until the device's
/// events have fired. The second time, the stage is lost: its stand-by takes over, or it is
/// switched off, and with it all that reads from it.
class Collector {
 public:
  /// Begins the next frame in a slot that is free again; false if somebody else is to do it.
  using Refill = std::function<bool(FrameSlot& slot)>;

  /// Keeps references to all. `vacant` takes free slots that `refill`, called on the thread of
  /// run(), leaves.
  Collector(const Plan& plan,
            Machinery& machinery,
            const PipelineOptions& options,
            ResultPool& pool,
            ResultBoard& board,
            SlotQueue& vacant,
            Refill refill);

  /// Until a nullptr comes out of `in_flight`.
  void run(SlotQueue& in_flight);

  /// All slots are kept aside: no frame can begin.
  [[nodiscard]] bool is_starved() const noexcept { return starved_; }

  /// Whether no device holds a slot any more, looking for at most `limit`. After run() has ended.
  [[nodiscard]] bool wait_for_quarantined(std::chrono::nanoseconds limit);

  /// Completes a frame that never got a slot.
  void finish_without_slot(const Frame& frame,
                           std::uint64_t ticket,
                           std::int64_t capture_ns,
                           FrameStatus status,
                           const std::optional<Error>& error);

  [[nodiscard]] PipelineCounters counters() const noexcept;

 private:
  enum class Ending { NotRun, Done, Failed, Unfinished };

  /// What the collector knows of a stage.
  struct Watch {
    int overruns = 0;
    int on_time = 0;               // frames in a row since the last overrun
    std::int64_t measured_ns = 0;  // the first run; 0: none yet
    std::string lost_device;       // of the last loss
  };

  void collect(FrameSlot& slot);
  void copy_outputs(const FrameSlot& slot, FrameResult& result) const;
  void check(const FrameSlot& slot, FrameResult& result) const;
  void finish(ResultLease result);

  Ending await_stage(FrameSlot& slot, std::size_t stage, FrameResult& result);
  Ending take_outcome(const FrameSlot& slot, std::size_t stage, FrameResult& result);
  [[nodiscard]] const Unit& unit_of(const FrameSlot& slot, std::size_t stage) const;
  [[nodiscard]] bool in_time(const FrameSlot& slot, std::size_t stage);
  [[nodiscard]] std::chrono::nanoseconds limit_of(std::size_t stage) const;
  void overrun(const FrameSlot& slot, std::size_t stage, FrameResult& result);
  void lose(std::size_t stage);
  void give_up(std::size_t stage, std::size_t unit);

  void vacate(FrameSlot& slot);
  void quarantine(FrameSlot& slot);
  void look_at_quarantine();

  const Plan& plan_;
  Machinery& machinery_;
  const PipelineOptions& options_;
  ResultPool& pool_;
  ResultBoard& board_;
  SlotQueue& vacant_;
  Refill refill_;
  std::vector<Watch> watches_;   // by stage
  std::vector<Ending> endings_;  // by stage, of the frame at hand
  std::vector<FrameSlot*> quarantined_;
  std::atomic<bool> starved_{false};
  std::atomic<std::int64_t> done_{0};
  std::atomic<std::int64_t> failed_{0};
  std::atomic<std::int64_t> dropped_{0};
  std::atomic<std::int64_t> late_{0};
};

}  // namespace mtmi::runtime
