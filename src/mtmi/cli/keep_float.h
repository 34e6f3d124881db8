// Which tensors of a bundle's INT8 heads had better stay in FP16.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/cli/eval_run.h"

namespace mtmi::cli {

struct KeepFloatOptions {
  /// The most guilty so many tensors of each INT8 head; nothing: as few as bring it within half of
  /// what the gate allows it.
  std::optional<std::size_t> count;
  /// What a head's modelled time may grow to, as a factor of its time all in INT8. [1]
  double time_factor = 1.5;
  std::size_t scenes = 8;  ///< on which guilt is measured
};

/// "auto" or a number. Throws UsageError.
[[nodiscard]] std::optional<std::size_t> parse_keep_float(const std::string& text);

/// By head: tensors for PartTarget::keep_float, taken one after the other by the error budget
/// (error_budget.h) of the bundle and scenes of `eval`. A tensor that would take more time than
/// allowed is passed over. Heads that lose little are left out.
[[nodiscard]] std::map<std::string, std::vector<std::string>> choose_kept_tensors(
    const EvalOptions& eval,
    const KeepFloatOptions& options,
    const CommonOptions& common,
    const Registry& registry);

}  // namespace mtmi::cli
