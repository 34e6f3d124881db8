#include "mtmi/cli/progress_display.h"

#include "mtmi/core/log.h"

namespace mtmi::cli {

void ProgressDisplay::show(const Progress& progress) {
  const std::string step = progress.step + (progress.part.empty() ? "" : " " + progress.part);
  if (step != step_) {
    step_ = step;
    bar_.reset();
    if (steps_ == Steps::Named && !common_.json) {
      log_info(step + " ...");
    }
  }
  if (progress.total > 0) {
    if (!bar_) {
      bar_.emplace(step, progress.total, common_);
    }
    bar_->update(progress.done);
  }
}

}  // namespace mtmi::cli
