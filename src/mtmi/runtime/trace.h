// The timeline of a run as a Chrome trace (opens in Perfetto).
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "mtmi/plan/plan.h"
#include "mtmi/runtime/frame.h"

namespace mtmi::runtime {

/// Collects when every stage worked on every frame. Thread-safe.
class TraceRecorder {
 public:
  /// `network_hash` says in the trace of which network it is; empty: it does not.
  explicit TraceRecorder(const Plan& plan, std::string network_hash = "");

  void add(const FrameResult& result);

  /// One process per device, one track per stage, and an arrow from each stage to those that read
  /// from it, per frame; times in microseconds from the first one. Chrome's trace event format,
  /// JSON.
  [[nodiscard]] std::string to_json() const;
  /// to_json() into a file. Throws Error(Io).
  void write(const std::filesystem::path& path) const;

 private:
  struct FrameTrace {
    std::uint64_t id = 0;
    FrameStatus status = FrameStatus::Done;
    Timing fill;
    std::vector<StageTime> stages;
  };

  Plan plan_;
  std::string network_hash_;
  mutable std::mutex mutex_;
  std::vector<FrameTrace> frames_;
};

}  // namespace mtmi::runtime
