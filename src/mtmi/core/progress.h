// What long work tells while it goes on.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace mtmi {

/// One sign of life: a step begins, an image is through, or a file is written.
struct Progress {
  std::string step;        ///< "build"
  std::string part;        ///< "seg"; empty where the step is about the whole network
  std::int64_t done = 0;   ///< images or layers of the step that are through
  std::int64_t total = 0;  ///< 0: the step counts nothing
};

/// Called on the thread that called for the work.
using ProgressFunction = std::function<void(const Progress&)>;

/// For whom nobody waits.
inline void ignore_progress(const Progress& /*progress*/) {}

}  // namespace mtmi
