// Executes a plan, frame after frame, with all stages at work at the same time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "mtmi/plan/plan.h"
#include "mtmi/runtime/device_set.h"
#include "mtmi/runtime/machinery.h"
#include "mtmi/runtime/pipeline_options.h"

namespace mtmi::runtime {

/// Frames go in, results come out in the same order. Thread-safe.
///
/// A frame takes one of plan.slots slots, which has buffers of its own on every edge. One thread
/// fills it and enqueues its stages, each on the stream of its own that waits for the events of
/// those it reads from; another awaits them, copies the results out and vacates the slot (and
/// begins the next frame in it where that is quicker than waking the first). As a slot
/// is vacated only when all stages of its frame have ended, nothing is overwritten that is still
/// read. Between slot and result nothing is allocated.
class Pipeline {
 public:
  /// Loads and binds everything. Throws as build_machinery() does.
  Pipeline(Plan plan,
           std::shared_ptr<DeviceSet> devices,
           const EngineSource& engines,
           PipelineOptions options);
  /// Drops the frames that wait and ends those under way. What a device that hangs may still write
  /// to is left to it, together with the device, and never freed.
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// Queues a frame as the policy says and returns its ticket.
  std::uint64_t submit(Frame frame);
  /// The result of a frame, once; nullptr if it has not come within `timeout`. Failed and dropped
  /// frames have results, too. Throws Error(InvalidArgument) for a ticket that is unknown or
  /// fetched.
  [[nodiscard]] ResultLease wait(std::uint64_t ticket, std::chrono::nanoseconds timeout);
  /// Returns when every frame submitted so far has a result.
  void drain();

  [[nodiscard]] const Plan& plan() const noexcept;
  [[nodiscard]] const Clock& clock() const noexcept;
  [[nodiscard]] PipelineCounters counters() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mtmi::runtime
