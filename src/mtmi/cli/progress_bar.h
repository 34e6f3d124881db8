// A progress bar on stderr: on a terminal only, and not with --quiet or --json.
#pragma once

#include <cstdint>
#include <string>

#include "mtmi/cli/verb.h"

namespace mtmi::cli {

/// Drawn at most ten times a second; gone when destroyed. One thread.
class ProgressBar {
 public:
  /// `total` steps; `what` names the work: "scenes".
  ProgressBar(std::string what, std::int64_t total, const CommonOptions& common);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  /// `done` steps of the total are finished.
  void update(std::int64_t done);

 private:
  void draw(std::int64_t done);
  void clear() const;

  std::string what_;
  std::int64_t total_;
  bool visible_;
  std::int64_t last_drawn_ms_ = -1000;
};

}  // namespace mtmi::cli
