// Shows on stderr what mtmi::Progress tells.
#pragma once

#include <optional>
#include <string>

#include "mtmi/cli/progress_bar.h"
#include "mtmi/cli/verb.h"
#include "mtmi/core/progress.h"

namespace mtmi::cli {

/// A bar for each step that counts something. One thread.
class ProgressDisplay {
 public:
  enum class Steps { Silent, Named };  ///< Named: also one line when a step begins

  /// `common` must outlive the display.
  explicit ProgressDisplay(const CommonOptions& common, Steps steps = Steps::Silent)
      : common_(common), steps_(steps) {}

  void show(const Progress& progress);

 private:
  const CommonOptions& common_;
  Steps steps_;
  std::string step_;
  std::optional<ProgressBar> bar_;
};

}  // namespace mtmi::cli
