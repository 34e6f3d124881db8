// Which tensors of a bundle's INT8 heads had better stay in FP16.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/core/progress.h"
#include "mtmi/device/registry.h"
#include "mtmi/eval/comparison.h"

namespace mtmi::deploy {

struct KeepFloatOptions {
  /// The most guilty so many tensors of each INT8 head; nothing: as few as bring it within half of
  /// what the gate allows it.
  std::optional<std::size_t> count;
  /// What a head's modelled time may grow to, as a factor of its time all in INT8. [1]
  double time_factor = 1.5;
  std::size_t scenes = 8;  ///< on which guilt is measured
  eval::GateLimits limits;
};

/// By head: tensors for PartTarget::keep_float, taken one after the other by the error budget
/// (eval/error_budget.h) of the bundle in `bundle` over the first scenes of `scenes`. A tensor that
/// would take more time than allowed is passed over. Heads that lose little are left out.
/// Throws as eval::LossMeter, and what reading the bundle and the scenes throws.
[[nodiscard]] std::map<std::string, std::vector<std::string>> choose_kept_tensors(
    const std::filesystem::path& bundle,
    const std::filesystem::path& scenes,
    const KeepFloatOptions& options,
    const Registry& registry,
    const ProgressFunction& progress);

}  // namespace mtmi::deploy
