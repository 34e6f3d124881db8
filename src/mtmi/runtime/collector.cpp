#include "mtmi/runtime/collector.h"

#include <algorithm>
#include <string>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/log.h"
#include "mtmi/device/convert.h"
#include "mtmi/runtime/frame_check.h"
#include "mtmi/runtime/trace.h"

namespace mtmi::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Before a stage has been measured once. Generous: nothing is known of it yet.
constexpr nanoseconds kFirstLimit = std::chrono::minutes(10);
constexpr nanoseconds kLeastLimit = std::chrono::seconds(1);
constexpr int kLimitFactor = 20;
// A stage is lost at this overrun.
constexpr int kMaxOverruns = 2;
// In time so often in a row, and earlier overruns are forgotten.
constexpr int kTrustedAfter = 100;
// What a stream is given to take back what it has not begun.
constexpr nanoseconds kGiveUpGrace = milliseconds(200);
constexpr nanoseconds kQuarantinePoll = milliseconds(10);

/// A copy whose text is its own: results and events live on different threads (host_event.cpp).
Error copy_of(const Error& error) {
  return {error.code(), error.where(), std::string(error.what())};
}

void note(FrameResult& result, const Error& error) {
  if (!result.error) {
    result.error = copy_of(error);
  }
}

bool all_ended(const FrameSlot& slot) {
  for (std::size_t i = 0; i < slot.runs.size(); ++i) {
    if (slot.runs_stage(i) && !slot.done(i).is_signalled()) {
      return false;
    }
  }
  return true;
}

}  // namespace

Collector::Collector(const Plan& plan,
                     Machinery& machinery,
                     const PipelineOptions& options,
                     ResultPool& pool,
                     ResultBoard& board,
                     SlotQueue& vacant,
                     Refill refill)
    : plan_(plan),
      machinery_(machinery),
      options_(options),
      pool_(pool),
      board_(board),
      vacant_(vacant),
      refill_(std::move(refill)),
      watches_(plan.stages.size()),
      endings_(plan.stages.size()) {
  quarantined_.reserve(machinery.slots.size());
}

void Collector::run(SlotQueue& in_flight) {
  while (true) {
    const std::optional<FrameSlot*> slot =
        in_flight.pop(quarantined_.empty() ? kNoLimit : kQuarantinePoll);
    look_at_quarantine();
    if (slot && *slot == nullptr) {
      return;
    }
    if (slot) {
      collect(**slot);
    }
  }
}

void Collector::collect(FrameSlot& slot) {
  ResultLease result = pool_.take();
  result->ticket = slot.ticket;
  result->id = slot.id;
  result->capture_ns = slot.capture_ns;
  result->fill = slot.fill;
  if (slot.error) {
    note(*result, *slot.error);
  }
  for (std::size_t i = 0; i < plan_.stages.size(); ++i) {
    endings_[i] = await_stage(slot, i, *result);
  }
  copy_outputs(slot, *result);
  if (options_.check_frames && !slot.error) {
    check(slot, *result);
  }
  if (all_ended(slot)) {
    vacate(slot);
  } else {
    quarantine(slot);
  }
  finish(std::move(result));
}

Collector::Ending Collector::await_stage(FrameSlot& slot, std::size_t stage, FrameResult& result) {
  if (slot.unit_of[stage] == kOff) {
    const std::string& device = watches_[stage].lost_device;
    if (!device.empty()) {
      note(result,
           {ErrorCode::DeviceFailure,
            "runtime::Collector",
            "stage '" + plan_.stages[stage].name + "' is off: device lost (" + device + ")"});
    }
    return Ending::NotRun;
  }
  if (!slot.runs_stage(stage)) {
    return Ending::NotRun;
  }
  const std::vector<std::size_t>& reads = machinery_.stages[stage]->reads;
  const bool can_run = std::none_of(reads.begin(), reads.end(), [this](std::size_t producer) {
    return endings_[producer] == Ending::Unfinished;
  });
  if (can_run && !in_time(slot, stage)) {
    overrun(slot, stage, result);
  }
  if (slot.done(stage).is_signalled()) {
    return take_outcome(slot, stage, result);
  }
  note(result,
       {ErrorCode::DeviceFailure,
        "runtime::Collector",
        "stage '" + plan_.stages[stage].name + "' has not run: device lost (" +
            unit_of(slot, stage).use.device + ")"});
  return Ending::Unfinished;
}

const Unit& Collector::unit_of(const FrameSlot& slot, std::size_t stage) const {
  return machinery_.stages[stage]->units[static_cast<std::size_t>(slot.unit_of[stage])];
}

bool Collector::in_time(const FrameSlot& slot, std::size_t stage) {
  const Event& done = slot.done(stage);
  if (slot.unit_of[stage] == machinery_.stages[stage]->active) {
    return done.wait_for(limit_of(stage));
  }
  // Its device was lost after the frame had been enqueued, perhaps after the stream gave up what it
  // had.
  if (!done.wait_for(kGiveUpGrace)) {
    give_up(stage, static_cast<std::size_t>(slot.unit_of[stage]));
    (void)done.wait_for(kGiveUpGrace);
  }
  return true;  // no news: the device is known to be lost
}

Collector::Ending Collector::take_outcome(const FrameSlot& slot,
                                          std::size_t stage,
                                          FrameResult& result) {
  const Event& done = slot.done(stage);
  if (done.error()) {
    note(result,
         done.error()->with_context("stage '" + plan_.stages[stage].name + "' on " +
                                    unit_of(slot, stage).use.device));
    return Ending::Failed;
  }
  result.stages[stage] = {.ran = true, .timing = done.timing()};
  Watch& watch = watches_[stage];
  if (watch.measured_ns == 0) {
    watch.measured_ns = done.timing().end_ns - done.timing().start_ns;
  }
  if (watch.overruns > 0 && ++watch.on_time >= kTrustedAfter) {
    watch.overruns = 0;
  }
  return Ending::Done;
}

nanoseconds Collector::limit_of(std::size_t stage) const {
  if (const std::optional<std::int64_t> limit_ms = plan_.stages[stage].timeout_ms) {
    return milliseconds(*limit_ms);
  }
  const std::int64_t measured_ns = watches_[stage].measured_ns;
  return measured_ns == 0 ? kFirstLimit
                          : std::max(kLeastLimit, nanoseconds(kLimitFactor * measured_ns));
}

void Collector::overrun(const FrameSlot& slot, std::size_t stage, FrameResult& result) {
  const auto limit = std::chrono::duration_cast<milliseconds>(limit_of(stage));
  const std::string message = "stage '" + plan_.stages[stage].name + "' on " +
                              unit_of(slot, stage).use.device + " has not finished frame " +
                              std::to_string(slot.id) + " within " + std::to_string(limit.count()) +
                              " ms";
  log_warning(message);
  note(result, {ErrorCode::Timeout, "runtime::Collector", message});
  watches_[stage].on_time = 0;
  if (++watches_[stage].overruns >= kMaxOverruns) {
    lose(stage);
  }
}

void Collector::lose(std::size_t stage) {
  StageRunner& runner = *machinery_.stages[stage];
  const auto lost = static_cast<std::size_t>(runner.active.load());
  const bool has_stand_by = lost + 1 < runner.units.size();
  watches_[stage] = {
      .overruns = 0, .on_time = 0, .measured_ns = 0, .lost_device = runner.units[lost].use.device};
  runner.active = has_stand_by ? static_cast<int>(lost + 1) : kOff;
  give_up(stage, lost);
  log_warning("device lost: " + runner.units[lost].use.device + "; stage '" +
              plan_.stages[stage].name + "' " +
              (has_stand_by ? "goes on with " + runner.units[lost + 1].use.device
                            : std::string("is switched off")));
}

/// Otherwise what waits for the lost unit would hold its own stream for ever.
void Collector::give_up(std::size_t stage, std::size_t unit) {
  machinery_.stages[stage]->units[unit].stream->give_up();
  for (const std::size_t reader : machinery_.stages[stage]->behind) {
    for (const Unit& each : machinery_.stages[reader]->units) {
      each.stream->give_up();
    }
  }
}

void Collector::copy_outputs(const FrameSlot& slot, FrameResult& result) const {
  for (std::size_t i = 0; i < plan_.results.size(); ++i) {
    const Edge& edge = plan_.edges[plan_.results[i].edge];
    FrameOutput& output = result.outputs[i];
    Buffer& buffer = *slot.buffers[plan_.results[i].edge];
    const bool is_wanted = output.tensor.shape() == edge.desc.shape;
    if (!is_wanted || endings_[*edge.producer] != Ending::Done || buffer.host_data() == nullptr) {
      continue;
    }
    read_format({buffer.host_data(), buffer.size_bytes()}, edge.desc, output.tensor);
    output.valid = true;
  }
}

void Collector::check(const FrameSlot& slot, FrameResult& result) const {
  std::optional<std::string> defect = find_overlap(plan_, result, slot.vacated.timing().end_ns);
  if (!defect) {
    defect = find_lost_stamp(plan_, slot);
  }
  if (defect) {
    note(result, {ErrorCode::DeviceFailure, "runtime::check_frames", "frame check: " + *defect});
  }
}

void Collector::finish(ResultLease result) {
  std::int64_t end_ns = result->fill.end_ns;
  for (const StageTime& stage : result->stages) {
    end_ns = stage.ran ? std::max(end_ns, stage.timing.end_ns) : end_ns;
  }
  if (result->error && result->status == FrameStatus::Done) {
    result->status = FrameStatus::Failed;
  }
  result->late = result->status == FrameStatus::Done && options_.deadline &&
                 end_ns - result->capture_ns > options_.deadline->count();
  done_ += result->status == FrameStatus::Done ? 1 : 0;
  failed_ += result->status == FrameStatus::Failed ? 1 : 0;
  dropped_ += result->status == FrameStatus::Dropped ? 1 : 0;
  late_ += result->late ? 1 : 0;
  if (options_.trace) {
    options_.trace->add(*result);
  }
  board_.finish(std::move(result));
}

void Collector::finish_without_slot(const Frame& frame,
                                    std::uint64_t ticket,
                                    std::int64_t capture_ns,
                                    FrameStatus status,
                                    const std::optional<Error>& error) {
  ResultLease result = pool_.take();
  result->ticket = ticket;
  result->id = frame.id;
  result->capture_ns = capture_ns;
  result->status = status;
  result->fill = {.start_ns = capture_ns, .end_ns = capture_ns};
  if (error) {
    note(*result, *error);
  }
  finish(std::move(result));
}

void Collector::vacate(FrameSlot& slot) {
  std::int64_t end_ns = slot.vacated.timing().end_ns;
  for (std::size_t i = 0; i < plan_.stages.size(); ++i) {
    if (slot.runs_stage(i)) {
      end_ns = std::max(end_ns, slot.done(i).timing().end_ns);
    }
  }
  slot.error.reset();
  if (options_.check_frames) {
    poison(slot);
  }
  slot.vacated.reset();
  slot.vacated.signal({.start_ns = end_ns, .end_ns = end_ns});
  if (!refill_(slot)) {
    vacant_.push(&slot);
  }
}

void Collector::quarantine(FrameSlot& slot) {
  quarantined_.push_back(&slot);
  const std::size_t left = machinery_.slots.size() - quarantined_.size();
  for (std::size_t i = 0; i < watches_.size() && left < plan_.longest_path; ++i) {
    if (watches_[i].overruns > 0 && machinery_.stages[i]->active != kOff) {
      lose(i);
    }
  }
  starved_ = left == 0;
}

void Collector::look_at_quarantine() {
  if (quarantined_.empty()) {
    return;
  }
  const auto ended = std::partition(
      quarantined_.begin(), quarantined_.end(), [](FrameSlot* slot) { return !all_ended(*slot); });
  for (auto slot = ended; slot != quarantined_.end(); ++slot) {
    vacate(**slot);
  }
  quarantined_.erase(ended, quarantined_.end());
  starved_ = quarantined_.size() == machinery_.slots.size();
}

bool Collector::wait_for_quarantined(nanoseconds limit) {
  for (const FrameSlot* slot : quarantined_) {
    for (std::size_t i = 0; i < plan_.stages.size(); ++i) {
      if (slot->runs_stage(i) && !slot->done(i).wait_for(limit)) {
        return false;
      }
    }
  }
  return true;
}

PipelineCounters Collector::counters() const noexcept {
  return {
      .done = done_, .failed = failed_, .dropped = dropped_, .late = late_, .lock_contentions = 0};
}

}  // namespace mtmi::runtime
