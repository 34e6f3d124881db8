// What a pipeline is made of: loaded engines, their streams, and frame slots.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mtmi/device/device.h"
#include "mtmi/device/host_event.h"
#include "mtmi/plan/plan.h"
#include "mtmi/runtime/device_set.h"
#include "mtmi/runtime/frame.h"

namespace mtmi::runtime {

/// An engine's bytes, and what keeps them where they are.
struct EngineBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

/// The engine that a plan calls by this name. Throws.
using EngineSource = std::function<EngineBytes(const std::string& engine)>;

/// An engine loaded on a device, and its own stream there.
struct Unit {
  EngineUse use;
  Device* device = nullptr;
  std::unique_ptr<Executable> executable;
  std::unique_ptr<Stream> stream;
};

/// Instead of a unit's number: the stage does not run for a frame, as it is not its turn.
inline constexpr int kNotItsTurn = -1;
/// The same, as the stage or one that it reads from is switched off.
inline constexpr int kOff = -2;

/// A stage of the plan, ready to run.
struct StageRunner {
  std::vector<Unit> units;          ///< the planned one, then the stand-by
  std::atomic<int> active{0};       ///< a unit's number, or kOff
  std::vector<std::size_t> reads;   ///< producers_of() in the plan
  std::vector<std::size_t> behind;  ///< stages_behind() in the plan
};

/// One frame's buffers on every edge, with all that it takes to run it bound to them.
///
/// It belongs to one thread at a time: whoever fills and enqueues it, then whoever awaits its
/// stages, and back.
struct FrameSlot {
  struct Run {
    std::unique_ptr<Invocation> invocation;
    std::unique_ptr<Event> done;
  };

  std::vector<std::unique_ptr<Buffer>> buffers;  ///< by edge
  std::vector<std::vector<Run>> runs;            ///< by stage, then by unit
  std::vector<std::span<std::byte>> inputs;      ///< by frame_inputs()
  /// Signalled when every reader of the last frame in it has finished, at the time of the last one.
  HostEvent vacated;

  // The frame that it holds.
  std::uint64_t ticket = 0;
  std::uint64_t id = 0;
  std::int64_t capture_ns = 0;
  Timing fill;
  std::optional<Error> error;  ///< why none of its stages was begun
  std::vector<int> unit_of;    ///< by stage: which unit runs it, kNotItsTurn or kOff

  [[nodiscard]] bool runs_stage(std::size_t stage) const { return unit_of[stage] >= 0; }

  /// Pre: runs_stage(stage).
  [[nodiscard]] Event& done(std::size_t stage) const {
    return *runs[stage][static_cast<std::size_t>(unit_of[stage])].done;
  }
};

/// Everything that must outlive the work under way on devices. Members die in reverse order.
struct Machinery {
  std::shared_ptr<DeviceSet> devices;  // shared by the pipelines of a process
  std::vector<std::unique_ptr<StageRunner>> stages;
  std::vector<std::unique_ptr<FrameSlot>> slots;
  const Clock* clock = nullptr;
};

/// Bytes behind the data of every buffer that frame checks keep the frame's ticket in.
inline constexpr std::size_t kStampBytes = 64;

/// Opens devices, loads engines, allocates `num_slots` slots (with room for stamps) and binds.
/// Throws what devices throw, with the stage in front; Error(InvalidModel) where an engine has
/// other inputs or outputs than the plan says; Error(Unsupported) where devices tell different
/// times.
[[nodiscard]] std::unique_ptr<Machinery> build_machinery(const Plan& plan,
                                                         std::shared_ptr<DeviceSet> devices,
                                                         const EngineSource& engines,
                                                         std::size_t num_slots);

}  // namespace mtmi::runtime
