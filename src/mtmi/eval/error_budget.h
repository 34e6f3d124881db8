// Which layer's INT8 costs a head most: each alone in INT8, and all but each.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "mtmi/eval/evaluation.h"
#include "mtmi/eval/heads.h"

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

/// Measures what every scale of `build` costs head number `head`, over scenes that `prepared` keeps
/// in memory. The float32 head is the reference. INT8 is fake quantisation (kFakeQuant), so
/// that the layers that are not in INT8 run in float32, fast, where a DLA has FP16: next to the
/// errors of INT8 that makes no difference. One engine at a time: memory does not grow with the
/// number of layers. `progress` is told how many of how many variants are done.
/// Throws what building and running throw; Error(Interrupted).
[[nodiscard]] std::vector<ErrorBudget> measure_budget(
    const Heads& heads,
    std::size_t head,
    const HeadBuild& build,
    std::span<const PreparedScene> prepared,
    const bundle::ModelCard& card,
    FunctionRef<void(std::size_t done, std::size_t total)> progress);

/// What the head loses with the scales of `build`, by output, simulated in the same way.
[[nodiscard]] std::map<std::string, double> losses_by_pairs(const Heads& heads,
                                                            std::size_t head,
                                                            const HeadBuild& build,
                                                            std::span<const PreparedScene> prepared,
                                                            const bundle::ModelCard& card);

}  // namespace mtmi::eval
