// How fast a bundle runs: one frame after the other, and overlapped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "mtmi/core/progress.h"
#include "mtmi/core/statistics.h"

namespace mtmi {

/// One stage's time, over all frames of the overlapped run [ms].
struct StageSummary {
  std::string name;
  std::string device;
  Summary time;
};

struct BundleBench {
  Summary serial;      ///< a frame from submit to result, one at a time [ms]
  Summary overlapped;  ///< between the results of two frames, all devices at work [ms]
  std::vector<StageSummary> stages;
};

/// Runs `runs` frames of seeded random input both ways, after some to warm up. An empty `target` is
/// the bundle's own. `progress` is told of the frames (step "frames").
/// Throws what Bundle and Pipeline throw, the error of a frame that failed, Error(Timeout) where
/// one has no result after 10 minutes, and Error(Interrupted). Pre: runs > 0.
[[nodiscard]] BundleBench bench_bundle(const std::filesystem::path& folder,
                                       const std::string& target,
                                       std::int64_t runs,
                                       std::uint64_t seed,
                                       const ProgressFunction& progress);

/// Runs `frames` frames of seeded random input overlapped, after some to warm up; their timeline as
/// a Chrome trace. Throws as bench_bundle(), and Error(Io). Pre: frames > 0.
[[nodiscard]] std::string trace_bundle(const std::filesystem::path& folder,
                                       const std::string& target,
                                       std::int64_t frames,
                                       const ProgressFunction& progress);

}  // namespace mtmi
