// How a pipeline is to run its plan, and what it counts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "mtmi/plan/target.h"
#include "mtmi/runtime/frame.h"

namespace mtmi::runtime {

class TraceRecorder;

struct PipelineOptions {
  QueuePolicy policy = QueuePolicy::Block;
  std::size_t queue = 2;  ///< frames that may wait for a slot; > 0
  /// A result later than this behind its capture is called late.
  std::optional<std::chrono::nanoseconds> deadline;
  /// A frame that is older when a slot is free for it is dropped, not begun.
  std::optional<std::chrono::nanoseconds> freshness;
  bool serial = false;        ///< one frame at a time, one stage at a time: to compare with
  bool check_frames = false;  ///< frame_check.h, on every frame
  std::vector<bool> wanted;   ///< by plan.results: which come out as tensors; empty: all
  /// If set, results go there, on a thread of the pipeline, and not to wait().
  std::function<void(ResultLease)> on_result;
  std::shared_ptr<TraceRecorder> trace;  // shared with whoever writes it
};

/// Since the pipeline began.
struct PipelineCounters {
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t dropped = 0;
  std::int64_t late = 0;
  std::int64_t lock_contentions = 0;  ///< times that a thread waited for another to leave a lock
};

}  // namespace mtmi::runtime
