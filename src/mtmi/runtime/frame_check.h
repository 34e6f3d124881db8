// Checks of every frame (--check-frames): that nothing is read or written when it must not be.
#pragma once

#include <optional>
#include <string>

#include "mtmi/plan/plan.h"
#include "mtmi/runtime/frame.h"
#include "mtmi/runtime/machinery.h"

namespace mtmi::runtime {

/// Fills all buffers that the host can see with 0xFF (NaN as float32), stamps included: for a slot
/// without a frame. Whoever reads it gets no plausible data.
void poison(FrameSlot& slot);

/// Whether something was written into a poisoned slot, as a sentence.
[[nodiscard]] std::optional<std::string> find_intrusion(const Plan& plan, const FrameSlot& slot);

/// Writes the slot's ticket behind the data of every buffer.
void stamp(const Plan& plan, FrameSlot& slot);

/// Whether a buffer has lost its stamp (another frame's, or overrun), as a sentence.
[[nodiscard]] std::optional<std::string> find_lost_stamp(const Plan& plan, const FrameSlot& slot);

/// Whether stages overlapped that must not, by the times that their devices report: a reader began
/// before its producer had ended, or a stage before the readers of the slot's last frame had
/// (`vacated_ns`).
[[nodiscard]] std::optional<std::string> find_overlap(const Plan& plan,
                                                      const FrameResult& result,
                                                      std::int64_t vacated_ns);

}  // namespace mtmi::runtime
