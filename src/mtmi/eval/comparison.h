// What a variant loses against another, and how sure that is.
#pragma once

#include <string>
#include <vector>

#include "mtmi/eval/bootstrap.h"
#include "mtmi/eval/evaluation.h"

namespace mtmi::eval {

/// The figure by which a head is judged: mIoU [1] of a segmentation, higher is better; AbsRel [1]
/// of a depth, the mean over scenes as KITTI has it, lower is better.
[[nodiscard]] double headline(const HeadRecord& record);
/// headline() over the scenes in `drawn`, which may repeat.
[[nodiscard]] double headline(const HeadRecord& record, std::span<const std::size_t> drawn);
/// The interval of headline().
[[nodiscard]] Interval headline_interval(const HeadRecord& record,
                                         const BootstrapOptions& options = {});

/// What a head lost against a reference: mIoU of the reference less its own, or its AbsRel less the
/// reference's. Below 0 it gained.
struct Loss {
  double value = 0.0;
  Interval interval;       ///< 95 %, paired over scenes
  double reference = 0.0;  ///< headline() of the reference

  /// Whether scenes drawn by chance explain it.
  [[nodiscard]] bool is_noise() const noexcept { return interval.contains(0.0); }
};

/// Pre: both are of one task and of the same scenes.
[[nodiscard]] Loss loss_of(const HeadRecord& record,
                           const HeadRecord& reference,
                           const BootstrapOptions& options = {});

/// What a head may lose.
struct GateLimits {
  double miou = 0.005;             ///< of segmentations [1]: half a point
  double abs_rel_relative = 0.01;  ///< of depths, of the reference's AbsRel [1]
  double abs_rel = 0.001;          ///< of depths [1]; the larger of the two holds

  /// For a head whose reference has the headline() `reference`.
  [[nodiscard]] double of(bool is_depth, double reference) const noexcept;
};

/// The answer for one head of one variant.
struct GateAnswer {
  std::string variant;
  std::string output;
  bool is_depth = false;
  Loss loss;
  double limit = 0.0;  ///< [1]

  /// Whether even the upper end of the interval is within the limit.
  [[nodiscard]] bool passed() const noexcept { return loss.interval.high <= limit; }

  /// "head 'seg' of 'int8': mIoU falls by 0.81 points (95 % interval 0.62 to 1.02); the limit is
  /// 0.50"
  [[nodiscard]] std::string to_string() const;
};

/// Every head of evaluation.variants[variant] against the first variant's.
/// Pre: variant < evaluation.variants.size().
[[nodiscard]] std::vector<GateAnswer> ask_gate(const Evaluation& evaluation,
                                               std::size_t variant,
                                               const GateLimits& limits = {},
                                               const BootstrapOptions& options = {});

}  // namespace mtmi::eval
