// Which layer's INT8 costs a head most: each alone in INT8, and all but each.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "mtmi/eval/evaluation.h"
#include "mtmi/eval/heads.h"
#include "mtmi/eval/scale_trials.h"

namespace mtmi::eval {

/// A tensor with a scale, and the layer that hands it on.
struct BudgetRow {
  std::string tensor;
  std::string layer;  ///< operator and name of its first node; "feature" for an input of the head
  double sqnr_db = 0.0;  ///< signal to quantisation noise of the tensor with its scale [dB]
  /// What the head loses against float32 if no other layer runs in INT8.
  double alone = 0.0;
  /// What it gains back if this tensor has no scale, so that layers around it run in FP16.
  double gain = 0.0;
};

/// What INT8 costs one result of a head: mIoU or AbsRel [1], positive is worse than float32.
struct ErrorBudget {
  std::string head;
  std::string output;
  bool is_depth = false;
  double reference = 0.0;       ///< mIoU or AbsRel in float32
  double all = 0.0;             ///< the loss as built
  std::vector<BudgetRow> rows;  ///< the most guilty first: by the larger of alone and gain
};

/// Measures losses of one head over scenes in memory. The float32 head is the reference. INT8 is
/// fake quantisation (kFakeQuant), so that the layers that are not in INT8 run in float32,
/// fast, where a DLA has FP16: next to the errors of INT8 that makes no difference.
class LossMeter {
 public:
  using Scales = ScaleTrials::Scales;
  using Losses = std::map<std::string, double>;  ///< by output

  /// Runs the reference. Everything must outlive the meter. Pre: head < heads.heads().size().
  /// Throws what building and running throw; Error(Interrupted).
  LossMeter(const Heads& heads,
            std::size_t head,
            const HeadBuild& build,
            std::span<const PreparedScene> scenes,
            const bundle::ModelCard& card);

  /// What the head loses with `scales` instead of those of the build. Throws as the constructor.
  [[nodiscard]] Losses losses(const Scales& scales) const;

  /// What every scale of the build costs, one budget per output that can be measured. What layers
  /// in front of the one in question do is computed once per scene. `progress` is told how many of
  /// how many steps are done. Throws as the constructor.
  [[nodiscard]] std::vector<ErrorBudget> budget(
      FunctionRef<void(std::size_t done, std::size_t total)> progress) const;

 private:
  [[nodiscard]] Losses losses_of(const VariantRecord& record) const;

  const Head& head_;
  const HeadBuild& build_;
  ScaleTrials trials_;
  VariantRecord reference_;
};

}  // namespace mtmi::eval
